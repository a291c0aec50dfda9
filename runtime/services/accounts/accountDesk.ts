import { sameSecrets, worldOf, type AccountConfig, type AccountSecrets } from '../../domain/account';
import { explained, type Denial, type Outcome } from '../../domain/denial';
import type { Broker, Log, Sessions } from '../../domain/ports';
import type { RoutedAccount, RouterPorts } from '../orderRouter/router';
import { createBackOff, type BackOff } from '../orderRouter/backOff';
import { lookAgain, resumeOrders } from '../orderRouter/resume';
import { createReports } from './reports';

export interface AccountDeskOptions {
  readonly ports: RouterPorts;
  /** A denial where it can not be opened as it is configured: a secret is missing. */
  openBroker(account: AccountConfig, secrets: AccountSecrets): Promise<Outcome<Broker>>;
  /** Secrets of an account that was declared without any (the vault's); undefined where nothing keeps them. Read anew with every opening. */
  keptSecrets?(account: AccountConfig): Promise<Outcome<AccountSecrets | undefined>>;
  sessionsOf(account: AccountConfig): Sessions;
  /** True while no other living runtime has the journal open. */
  isAlone(): boolean;
  /** Compares the journal with the broker, before anything is sent. Absent: nobody does. */
  reconcile?(account: RoutedAccount): Promise<void>;
  readonly log: Log;
}

/** An account that can not be used as it is configured. The message is for people and holds no secret. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused';
  readonly denial: Denial;
  constructor(denial: Denial) {
    super(explained(denial));
    this.denial = denial;
  }
}

/** The accounts of this process, each with its broker. Opening one settles what an earlier life left open before anything new is sent. */
export interface AccountDesk {
  /**
   * Makes an account known or replaces its configuration; the same one again changes nothing. Other secrets open its broker anew; without any, those it has stay.
   * Rejects with AccountRefused where it can not be used as it is configured.
   */
  declare(config: AccountConfig, secrets?: AccountSecrets): Promise<void>;
  /** Works with an account; a new configuration waits until the work with the old one is over. Rejects for an account that was never declared: that is a bug of the host. */
  use<T>(id: string, work: (account: RoutedAccount) => Promise<T>): Promise<T>;
  /** Looks again at what is open in every account; for a ticker of some seconds. What fails is logged and looked at the next time. */
  look(): Promise<void>;
  /** The same for other work that concerns every open account, one after the other; `name` says in the log what failed. */
  each(name: string, work: (account: RoutedAccount) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

interface Seat {
  readonly fingerprint: string;
  readonly secrets: AccountSecrets | undefined;
  readonly opened: Promise<RoutedAccount & { leave(): Promise<void> }>;
  /** When its open orders are looked at again. */
  readonly backOff: BackOff;
  /** Work under way with this configuration. */
  readonly inUse: Set<Promise<unknown>>;
}

/** Lets the work with an account end, then closes its broker. An account that never opened has nothing to close. */
async function vacate({ opened, inUse }: Seat): Promise<void> {
  await Promise.allSettled(inUse);
  await opened.then((account) => account.leave(), () => undefined);
}

export function createAccountDesk(options: AccountDeskOptions): AccountDesk {
  const seats = new Map<string, Seat>();

  function take(config: AccountConfig, secrets: AccountSecrets | undefined, previous: Seat | undefined): Seat {
    const opened = (async () => {
      if (previous !== undefined) await vacate(previous);
      return openAccount(options, config, secrets);
    })();
    const seat: Seat = { fingerprint: JSON.stringify(config), secrets, opened, backOff: createBackOff(options.ports.clock), inUse: new Set() };
    // A failed opening is forgotten, so that the next declaration tries again; whoever awaits it sees the error.
    opened.catch(() => {
      if (seats.get(config.id) === seat) seats.delete(config.id);
    });
    return seat;
  }

  async function use<T>(seat: Seat, work: (account: RoutedAccount) => Promise<T>): Promise<T> {
    const job = seat.opened.then(work);
    seat.inUse.add(job);
    try {
      return await job;
    } finally {
      seat.inUse.delete(job);
    }
  }

  async function each(name: string, work: (account: RoutedAccount, seat: Seat) => Promise<void>): Promise<void> {
    for (const [id, seat] of [...seats]) {
      // A new configuration, or the end, came first.
      if (seats.get(id) !== seat) continue;
      await use(seat, (account) => work(account, seat)).catch((error: unknown) => options.log.error({ account: id, error: String(error) }, `${name} failed; it is tried again at the next turn`));
    }
  }

  let looking: Promise<void> | undefined;
  return {
    look: () => (looking ??= each('a look at open orders', (account, { backOff }) => lookAgain(options.ports, account, backOff)).finally(() => { looking = undefined; })),
    each,
    async declare(config, secrets = seats.get(config.id)?.secrets) {
      const known = seats.get(config.id);
      const isSame = known?.fingerprint === JSON.stringify(config) && sameSecrets(known.secrets, secrets);
      const seat = isSame ? known : take(config, secrets, known);
      seats.set(config.id, seat);
      await seat.opened;
    },
    async use(id, work) {
      const seat = seats.get(id);
      if (seat === undefined) throw new Error(`Account ${id} was not declared.`);
      return use(seat, work);
    },
    async close() {
      const open = [...seats.values()];
      seats.clear();
      await Promise.all(open.map(vacate));
    },
  };
}

async function openAccount(options: AccountDeskOptions, config: AccountConfig, secrets: AccountSecrets | undefined): Promise<RoutedAccount & { leave(): Promise<void> }> {
  const { ports } = options;
  await refuseOtherWorld(ports, config);
  await ports.store.declareAccount(config, ports.clock.now());
  const opened = await options.openBroker(config, secrets ?? (await kept(options, config)));
  if (!opened.ok) throw new AccountRefused(opened.denial);
  const account = { config, broker: opened.value, sessions: options.sessionsOf(config) };
  const reports = createReports(ports, account);
  const stop = account.broker.onUpdate((update) => { reports.take(update); });
  const leave = async (): Promise<void> => {
    stop();
    await reports.idle();
    await account.broker.close();
  };
  try {
    await options.reconcile?.(account);
    await resumeOrders(ports, account, { othersMaySend: !options.isAlone() });
  } catch (error) {
    await leave();
    throw error;
  }
  return { ...account, leave };
}

/** An account that has traded on paper and now means a broker would exit positions that nobody holds there. */
async function refuseOtherWorld({ store }: RouterPorts, config: AccountConfig): Promise<void> {
  const before = (await store.accounts()).find(({ id }) => id === config.id);
  if (before === undefined || worldOf(before) === worldOf(config)) return;
  if ((await store.orders({ account: config.id, limit: 1 })).length === 0) return;
  throw new AccountRefused({
    code: 'INVALID_PARAMETER', field: 'broker', message: `Account ${config.id} has orders from when it was ${worldOf(before)}; they mean nothing to ${worldOf(config)}.`,
    remedy: 'Give the new account an id of its own.',
  });
}

async function kept(options: AccountDeskOptions, config: AccountConfig): Promise<AccountSecrets> {
  const found = await options.keptSecrets?.(config);
  if (found?.ok === false) throw new AccountRefused(found.denial);
  return found?.value ?? {};
}
