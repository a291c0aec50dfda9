import { sameSecrets, type AccountConfig, type AccountSecrets } from '../../domain/account';
import type { RoutedAccount } from '../orderRouter/router';
import { createBackOff, type BackOff } from '../orderRouter/backOff';
import { lookAgain } from '../orderRouter/resume';
import { attachSession, DeskClosed, openFirst, openInPlaceOf, type AccountDeskOptions, type OpenedAccount } from './openAccount';

export { AccountRefused, type AccountDeskOptions } from './openAccount';

/** The accounts of this process, each with its broker. Opening one settles what an earlier life left open before anything new is sent. */
export interface AccountDesk {
  /**
   * Makes an account known or replaces its configuration; the same one again changes nothing. Other secrets open its broker anew; without any, those it has stay.
   * Rejects with AccountRefused where it can not be used as it is configured; a session that worked until then stays in use.
   */
  declare(config: AccountConfig, secrets?: AccountSecrets): Promise<void>;
  /** Works with an account; a new configuration waits until the work with the old one is over. Rejects for an account that was never declared: that is a bug of the host. */
  use<T>(id: string, work: (account: RoutedAccount) => Promise<T>): Promise<T>;
  /** Looks again at what is open in every account; for a ticker of some seconds. What fails is logged and looked at the next time. A slow account holds up its own looks only. */
  look(): Promise<void>;
  /** The same for other work that concerns every open account; `name` says in the log what failed. Where the last such work at an account still goes on it is waited for, and not begun again. */
  each(name: string, work: (account: RoutedAccount) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

interface Seat {
  readonly fingerprint: string;
  readonly secrets: AccountSecrets | undefined;
  readonly opened: Promise<OpenedAccount>;
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

  /** Changes of one account's configuration follow each other. */
  const changing = new Map<string, Promise<void>>();
  /** Work that goes on now, by name and account. */
  const flights = new Map<string, Promise<void>>();
  let isClosed = false;

  function sit(config: AccountConfig, secrets: AccountSecrets | undefined, opened: Promise<OpenedAccount>): Seat {
    const seat: Seat = { fingerprint: JSON.stringify(config), secrets, opened, backOff: createBackOff(options.ports.clock), inUse: new Set() };
    // A failed opening is forgotten, so that the next declaration tries again; whoever awaits it sees the error.
    opened.catch(() => {
      if (seats.get(config.id) === seat) seats.delete(config.id);
    });
    seats.set(config.id, seat);
    return seat;
  }

  /** A paper book has one reader: the old one leaves first, and there is no session that could be refused. Elsewhere the new session is open before the old one is given up. */
  async function change(config: AccountConfig, given: AccountSecrets | undefined): Promise<void> {
    const known = seats.get(config.id);
    const secrets = given ?? known?.secrets;
    if (known?.fingerprint === JSON.stringify(config) && sameSecrets(known.secrets, secrets)) {
      await known.opened;
      return;
    }
    if (known === undefined || config.broker === 'paper') {
      await sit(config, secrets, vacated(known).then(() => openFirst(options, config, secrets))).opened;
      return;
    }
    const broker = await openInPlaceOf(options, config, secrets, { isNewSecret: !sameSecrets(known.secrets, secrets) });
    if (isClosed) {
      await broker.close();
      throw new DeskClosed(config.id);
    }
    await sit(config, secrets, vacated(known).then(() => attachSession(options, config, broker, { isInPlace: true }), async (error: unknown) => {
      // Nobody else holds the new session.
      await broker.close();
      throw error;
    })).opened;
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

  function fly(name: string, id: string, seat: Seat, work: (account: RoutedAccount, seat: Seat) => Promise<void>): Promise<void> {
    const key = `${name} ${id}`;
    const known = flights.get(key);
    if (known !== undefined) return known;
    const flight = use(seat, (account) => work(account, seat))
      .catch((error: unknown) => options.log.error({ account: id, error: String(error) }, `${name} failed; it is tried again at the next turn`))
      .finally(() => { flights.delete(key); });
    flights.set(key, flight);
    return flight;
  }

  async function each(name: string, work: (account: RoutedAccount, seat: Seat) => Promise<void>): Promise<void> {
    await Promise.all([...seats].map(([id, seat]) => fly(name, id, seat, work)));
  }

  return {
    look: () => each('a look at open orders', (account, { backOff }) => lookAgain(options.ports, account, backOff)),
    each,
    async declare(config, secrets) {
      const { id } = config;
      const before = changing.get(id);
      const mine = before === undefined ? change(config, secrets) : before.catch(() => undefined).then(() => change(config, secrets));
      changing.set(id, mine);
      try {
        await mine;
      } finally {
        if (changing.get(id) === mine) changing.delete(id);
      }
    },
    async use(id, work) {
      const seat = seats.get(id);
      if (seat === undefined) throw new Error(`Account ${id} was not declared.`);
      return use(seat, work);
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(changing.values());
      const open = [...seats.values()];
      seats.clear();
      await Promise.all(open.map(vacate));
      isClosed = false;
    },
  };
}

function vacated(seat: Seat | undefined): Promise<void> {
  return seat === undefined ? Promise.resolve() : vacate(seat);
}
