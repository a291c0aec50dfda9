import { worldOf, type AccountConfig, type AccountSecrets } from '../../domain/account';
import { explained, type Denial, type Outcome } from '../../domain/denial';
import type { Broker, Log, Sessions } from '../../domain/ports';
import type { RoutedAccount, RouterPorts } from '../orderRouter/router';
import { resumeOrders } from '../orderRouter/resume';
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

/** An account that is worked with, until it is left. */
export interface OpenedAccount extends RoutedAccount {
  leave(): Promise<void>;
}

/** Opens an account that is not open: what was open before is settled before anything new is sent. */
export async function openFirst(options: AccountDeskOptions, config: AccountConfig, secrets: AccountSecrets | undefined): Promise<OpenedAccount> {
  const { ports } = options;
  await refuseOtherWorld(ports, config);
  await ports.store.declareAccount(config, ports.clock.now());
  return attachSession(options, config, await openSession(options, config, secrets));
}

/** Opens a second session while the first one works. One that the broker refuses, or that can not be journalled, is closed again and changes nothing; where the broker can not be asked, it is taken at its word. */
export async function openInPlaceOf(options: AccountDeskOptions, config: AccountConfig, secrets: AccountSecrets | undefined, { isNewSecret }: { readonly isNewSecret: boolean }): Promise<Broker> {
  const { ports } = options;
  await refuseOtherWorld(ports, config);
  try {
    const broker = await openSession(options, config, secrets);
    return await orClosed(options, config, broker, async () => {
      const refusal = isNewSecret ? await refusalOf(broker) : undefined;
      if (refusal !== undefined) throw new AccountRefused(refusal);
      await ports.store.declareAccount(config, ports.clock.now());
      return broker;
    });
  } catch (error) {
    if (!(error instanceof AccountRefused)) throw error;
    options.log.error({ account: config.id, code: error.denial.code }, 'a new session was refused; the one before it stays in use');
    throw new AccountRefused({ ...error.denial, message: `${error.denial.message} The session before it stays in use.` });
  }
}

/**
 * Takes part in what the broker reports, and settles what an earlier life left open. A failure closes the broker; but not that of a session which takes another one's place:
 * the one before it is gone by then, the orders are this life's own, and the next look settles what this one could not.
 */
export async function attachSession(options: AccountDeskOptions, config: AccountConfig, broker: Broker, { isInPlace = false }: { readonly isInPlace?: boolean } = {}): Promise<OpenedAccount> {
  const { ports } = options;
  const account = await orClosed(options, config, broker, () => listenTo(options, config, broker));
  try {
    await options.reconcile?.(account);
    await resumeOrders(ports, account, { othersMaySend: !options.isAlone() });
  } catch (error) {
    if (!isInPlace) {
      await account.leave();
      throw error;
    }
    options.log.error({ account: config.id, error: String(error) }, 'what is open could not be looked at with the new session; it is looked at again in a moment');
  }
  return account;
}

/** Journals what the broker reports by itself, until it is left. */
function listenTo(options: AccountDeskOptions, config: AccountConfig, broker: Broker): OpenedAccount {
  const account = { config, broker, sessions: options.sessionsOf(config) };
  const reports = createReports(options.ports, account);
  const stop = broker.onUpdate((update) => { reports.take(update); });
  return {
    ...account,
    async leave() {
      stop();
      await reports.idle();
      await broker.close();
    },
  };
}

/** The next step with a session that nobody holds yet: where it fails, the session is closed, and the failure is told whatever becomes of that. */
async function orClosed<T>({ log }: AccountDeskOptions, { id }: AccountConfig, broker: Broker, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await broker.close().catch((failure: unknown) => { log.error({ account: id, error: String(failure) }, 'a session that could not be used could not be closed either'); });
    throw error;
  }
}

/** The desk was closed while the account was being opened. */
export class DeskClosed extends Error {
  override readonly name = 'DeskClosed';
  constructor(id: string) {
    super(`Account ${id} was not opened: the runtime is closing.`);
  }
}

async function openSession(options: AccountDeskOptions, config: AccountConfig, secrets: AccountSecrets | undefined): Promise<Broker> {
  const opened = await options.openBroker(config, secrets ?? (await kept(options, config)));
  if (!opened.ok) throw new AccountRefused(opened.denial);
  return opened.value;
}

/** Why the broker refuses the session, asked with a read that every session may make. */
async function refusalOf(broker: Broker): Promise<Denial | undefined> {
  const read = await broker.positions?.().catch(() => undefined);
  return read?.ok === false && (read.denial.code === 'WRONG_SECRET' || read.denial.code === 'SESSION_EXPIRED') ? read.denial : undefined;
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
