import { deny, type Denial, type Outcome } from '../../domain/denial';
import type { Purpose } from '../../domain/order';
import type { Broker, BrokerOrder, Clock, OrderChange, Pause, PlaceOutcome } from '../../domain/ports';
import type { Lane } from '../../domain/rateLimit/draw';
import { SECOND_MS } from '../../domain/time';
import { IN_FLIGHT_MS } from '../orderRouter/follow';
import type { BreakerWatch } from './breakerWatch';
import type { BudgetKind, RateLimiter } from './limiter';

export interface LimitedBrokerOptions {
  readonly broker: Broker;
  readonly limiter: RateLimiter;
  readonly breaker: BreakerWatch;
  readonly clock: Clock;
  readonly pause: Pause;
  /** What an order of ours was for, so that a change of an entry is none of the exits' business; undefined where it is not known. */
  readonly purposeOf: (orderId: string) => Promise<Purpose | undefined>;
  /** Why entries are not wanted any more, asked when one has waited for its turn: a kill switch that was pulled meanwhile means it too. Default: they always are. */
  readonly stoppedBy?: () => Promise<Denial | undefined>;
}

type Done = { readonly ok: true } | { readonly ok: false; readonly denial: Denial };

/** An order is journalled already while it waits here: this and a broker's longest answer together stay below the time after which others look for it. */
export const LONGEST_ORDER_WAIT_MS = 5 * SECOND_MS;
/** The longest that adapters wait for the answer to a command. */
export const LONGEST_COMMAND_MS = 9 * SECOND_MS;
/** The same for an entry that has to wait for a question first: question and turn together. What is not sent by then is not sent. */
export const LONGEST_TRIAL_MS = IN_FLIGHT_MS - LONGEST_COMMAND_MS;
const LONGEST_READ_WAIT_MS = 15 * SECOND_MS;
/** Where a broker says "too many" and not for how long. */
const DEFAULT_SILENCE_MS = 2 * SECOND_MS;
const TOO_MANY: ReadonlySet<string> = new Set(['RATE_LIMITED', 'TOO_MANY_REQUESTS']);
const TOO_LATE = 'The broker answers too late for an entry.';
const NOT_SUPPORTED = deny('NOT_SUPPORTED', 'This broker can not do that.');
/** Nobody knows what came of it: it is the broker that is in doubt, not the order. */
const NO_ANSWER: ReadonlySet<string> = new Set(['OUTCOME_UNKNOWN', 'NOT_READY']);

/**
 * A broker as everything of ours reaches it: within what it allows its client, exits before entries, and without entries while it fails call after call.
 * What is not sent is refused for good (`RATE_LIMITED`, `BROKER_PAUSED`): never silently late, never sent again.
 */
export function limitedBroker({ broker, limiter, breaker, clock, pause, purposeOf, stoppedBy = () => Promise.resolve(undefined) }: LimitedBrokerOptions): Broker {
  let trying = false;

  async function mayGo(kind: BudgetKind, lane: Lane, mostMs = kind === 'orders' ? LONGEST_ORDER_WAIT_MS : LONGEST_READ_WAIT_MS): Promise<Outcome<void>> {
    try {
      return await limiter.turn(kind, lane, mostMs);
    } catch (error) {
      return deny('NOT_READY', `The request could not be counted, and was not sent: ${textOf(error)}`);
    }
  }

  async function saw(kind: 'command' | 'read', denial: Denial | undefined): Promise<void> {
    if (denial !== undefined && TOO_MANY.has(denial.code)) await limiter.tooMany(kind === 'command' ? 'orders' : 'reads', denial.retryAfterMs ?? DEFAULT_SILENCE_MS);
    else if (denial !== undefined && NO_ANSWER.has(denial.code)) breaker.failed(kind, denial.message);
    else breaker.worked(kind);
  }

  async function send(order: BrokerOrder, lane: Lane, deadline = Infinity): Promise<PlaceOutcome> {
    const turn = await mayGo('orders', lane, Math.min(LONGEST_ORDER_WAIT_MS, deadline - clock.now()));
    if (!turn.ok) return { kind: 'rejected', denial: turn.denial };
    if (lane === 'entries') {
      const paused = breaker.pause();
      if (paused !== undefined) return rejected(paused.reason);
      const denial = await stoppedBy();
      if (denial !== undefined) return { kind: 'rejected', denial };
      if (clock.now() >= deadline) return rejected(TOO_LATE);
    }
    const outcome = await broker.place(order).catch((error: unknown): PlaceOutcome => ({ kind: 'unknown', reason: textOf(error) }));
    if (outcome.kind === 'unknown') breaker.failed('command', outcome.reason);
    else await saw('command', outcome.kind === 'rejected' ? outcome.denial : undefined);
    return outcome;
  }

  /** The first entry after a pause is not the one to find out whether the broker answers at all: a question does. An answer that is late is none. */
  async function sendOnTrial(order: BrokerOrder): Promise<PlaceOutcome> {
    if (trying) return rejected('Another order tries whether the broker answers again.');
    trying = true;
    const deadline = clock.now() + LONGEST_TRIAL_MS;
    const question = read(() => broker.funds(), 'exits').then(() => ({ failed: undefined }), (error: unknown) => ({ failed: textOf(error) }));
    try {
      const answer = await Promise.race([question, pause(LONGEST_TRIAL_MS).then(() => undefined)]);
      if (answer === undefined || clock.now() >= deadline) return late();
      return answer.failed === undefined ? await send(order, 'entries', deadline) : rejected(`The broker still gives no answer (${answer.failed}).`);
    } finally {
      // A question that is still open is the only one.
      void question.then(() => { trying = false; });
    }
  }

  function late(): PlaceOutcome {
    breaker.failed('read', TOO_LATE);
    return rejected(TOO_LATE);
  }

  async function command(lane: Lane, ask: () => Promise<Done>): Promise<Done> {
    const turn = await mayGo('orders', lane);
    if (!turn.ok) return turn;
    try {
      const done = await ask();
      await saw('command', done.ok ? undefined : done.denial);
      return done;
    } catch (error) {
      breaker.failed('command', textOf(error));
      throw error;
    }
  }

  /** A question that could not be asked must not look like an answer: it rejects. */
  async function read<T>(ask: () => Promise<T>, lane: Lane, unreadOf: (answer: T) => Denial | undefined = () => undefined): Promise<T> {
    const turn = await mayGo('reads', lane);
    if (!turn.ok) throw new Error(turn.denial.message);
    try {
      const answer = await ask();
      await saw('read', unreadOf(answer));
      return answer;
    } catch (error) {
      breaker.failed('read', textOf(error));
      throw error;
    }
  }

  async function list<T>(ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const turn = await mayGo('reads', 'exits');
    if (!turn.ok) return turn;
    const answer = await ask().catch((error: unknown) => deny('NOT_READY', `The broker could not be asked: ${textOf(error)}`));
    await saw('read', answer.ok ? undefined : answer.denial);
    return answer;
  }

  return {
    ...broker,
    place: (order) => (order.purpose === 'exit' ? send(order, 'exits') : breaker.isTrial() ? sendOnTrial(order) : send(order, 'entries')),
    cancel: (orderId) => command('exits', () => broker.cancel(orderId)),
    find: (orderId) => read(() => broker.find(orderId), 'exits', (found) => found?.unread),
    funds: () => read(() => broker.funds(), 'entries'),
    entryPause: () => breaker.pause(),
    async close() {
      await broker.close();
      await breaker.idle();
    },
    ...(broker.modify === undefined ? {} : {
      async modify(orderId: string, change: OrderChange) {
        const lane = (await purposeOf(orderId)) === 'entry' ? 'entries' : 'exits';
        return command(lane, () => broker.modify?.(orderId, change) ?? Promise.resolve(NOT_SUPPORTED));
      },
    }),
    ...(broker.orders === undefined ? {} : { orders: () => list(() => broker.orders?.() ?? Promise.resolve(NOT_SUPPORTED)) }),
    ...(broker.positions === undefined ? {} : { positions: () => list(() => broker.positions?.() ?? Promise.resolve(NOT_SUPPORTED)) }),
  };
}

function rejected(message: string): PlaceOutcome {
  return { kind: 'rejected', denial: { code: 'BROKER_PAUSED', message: `${message} Nothing was sent.`, rule: 'broker well', remedy: 'Send the signal again when the broker answers. Exits are still sent.' } };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
