import { sameSecrets, type AccountConfig, type AccountSecrets } from '../../domain/account';
import type { Denial, Outcome } from '../../domain/denial';
import type { Broker, BrokerUpdate, Log, Sessions } from '../../domain/ports';
import type { RoutedAccount, RouterPorts } from '../orderRouter/router';
import { lookAgain, resumeOrders } from '../orderRouter/resume';

export interface AccountDeskOptions {
  readonly ports: RouterPorts;
  /** A denial where it can not be opened as it is configured: a secret is missing. */
  openBroker(account: AccountConfig, secrets: AccountSecrets): Promise<Outcome<Broker>>;
  /** Secrets of an account that was declared without any (the vault's); undefined where nothing keeps them. Read anew with every opening. */
  keptSecrets?(account: AccountConfig): Promise<Outcome<AccountSecrets | undefined>>;
  sessionsOf(account: AccountConfig): Sessions;
  /** True while no other living runtime has the journal open. */
  isAlone(): boolean;
  readonly log: Log;
}

/** An account that can not be used as it is configured. The message is for people and holds no secret. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused';
  readonly denial: Denial;
  constructor(denial: Denial) {
    super([denial.message, denial.remedy].filter((part) => part !== undefined).join(' '));
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
  close(): Promise<void>;
}

interface Seat {
  readonly fingerprint: string;
  readonly secrets: AccountSecrets | undefined;
  readonly opened: Promise<RoutedAccount & { leave(): Promise<void> }>;
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
    const seat: Seat = { fingerprint: JSON.stringify(config), secrets, opened, inUse: new Set() };
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

  async function lookAtAll(): Promise<void> {
    for (const [id, seat] of [...seats]) {
      // A new configuration, or the end, came first.
      if (seats.get(id) !== seat) continue;
      await use(seat, (account) => lookAgain(options.ports, account)).catch((error: unknown) => options.log.error({ account: id, error: String(error) }, 'open orders could not be looked at'));
    }
  }

  let looking: Promise<void> | undefined;
  return {
    look: () => (looking ??= lookAtAll().finally(() => { looking = undefined; })),
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
  const { ports, log } = options;
  await ports.store.declareAccount(config, ports.clock.now());
  const opened = await options.openBroker(config, secrets ?? (await kept(options, config)));
  if (!opened.ok) throw new AccountRefused(opened.denial);
  const account = { config, broker: opened.value, sessions: options.sessionsOf(config) };
  const running = new Set<Promise<unknown>>();
  const stop = account.broker.onUpdate((update) => {
    const job = book(ports, account, update).catch((error: unknown) => log.error({ error: String(error), update }, 'a report of the broker could not be journalled; it is read again at the next look')).finally(() => running.delete(job));
    running.add(job);
  });
  const leave = async (): Promise<void> => {
    stop();
    await Promise.all(running);
    await account.broker.close();
  };
  try {
    await resumeOrders(ports, account, { othersMaySend: !options.isAlone() });
  } catch (error) {
    await leave();
    throw error;
  }
  return { ...account, leave };
}

async function kept(options: AccountDeskOptions, config: AccountConfig): Promise<AccountSecrets> {
  const found = await options.keptSecrets?.(config);
  if (found?.ok === false) throw new AccountRefused(found.denial);
  return found?.value ?? {};
}

async function book({ store, clock }: RouterPorts, { sessions }: RoutedAccount, update: BrokerUpdate): Promise<void> {
  const orderId = update.kind === 'fill' ? update.fill.orderId : update.orderId;
  await store.applyUpdates({ orderId, updates: [update], tradingDay: sessions.tradingDay(clock.now()) });
}
