import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import type { Clock, Log, Pause } from '../../domain/ports';
import type { BudgetStore } from '../../domain/rateLimit/budget';
import { draw, drained, type Lane, type RateWindow } from '../../domain/rateLimit/draw';
import type { EpochMs } from '../../domain/time';

/** orders: whatever places, changes or cancels. reads: everything else. */
export type BudgetKind = 'orders' | 'reads';

export interface RateLimiterOptions {
  readonly budgets: BudgetStore;
  /** Whose calls the broker counts together (`clientOf`). */
  readonly client: string;
  readonly windows: Readonly<Record<BudgetKind, readonly RateWindow[]>>;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Log;
}

/** One limit for everything that one client asks of a broker, over all flows and processes. */
export interface RateLimiter {
  /** Resolves when the call may go, which is then counted; or, when that would take longer than `maxWaitMs`, with a denial that says when to come back. */
  turn(kind: BudgetKind, lane: Lane, maxWaitMs: number): Promise<Outcome<void>>;
  /** The broker said 429. */
  tooMany(kind: BudgetKind, retryAfterMs: number): Promise<void>;
}

/** Calls of one lane that may wait in one process; more are refused at once. */
const MOST_WAITING = 200;
/** The clock may say that no time has passed: a bound all the same. */
const MOST_TRIES = 50;

/** Within a process the calls of one lane go in the order in which they came; between processes and lanes the journal's file decides. */
export function createRateLimiter({ budgets, client, windows, clock, pause, log }: RateLimiterOptions): RateLimiter {
  const lines = new Map<string, { last: Promise<unknown>; waiting: number }>();
  const nameOf = (kind: BudgetKind): string => `${client}:${kind}`;

  async function drawUntil(kind: BudgetKind, lane: Lane, deadline: EpochMs): Promise<Outcome<void>> {
    for (let tries = 1; ; tries += 1) {
      const answer = await budgets.change(nameOf(kind), (state, now) => {
        const drawn = draw({ state, windows: windows[kind], lane, now });
        return { state: drawn.state, result: drawn.granted ? undefined : { waitMs: drawn.retryAt - drawn.state.at, because: drawn.because } };
      });
      if (answer === undefined) return ok(undefined);
      if (clock.now() + answer.waitMs > deadline || tries === MOST_TRIES) return limited(client, answer);
      await pause(answer.waitMs);
    }
  }

  /** A call that may not wait as long as those before it in the line does not stand behind them. */
  async function cameInTime(before: Promise<unknown>, isBehind: boolean, maxWaitMs: number): Promise<boolean> {
    if (!isBehind) return true;
    return Promise.race([before.then(() => true), pause(maxWaitMs).then(() => false)]);
  }

  return {
    async turn(kind, lane, maxWaitMs) {
      const deadline = clock.now() + maxWaitMs;
      const name = `${kind}/${lane}`;
      const line = lines.get(name) ?? { last: Promise.resolve(), waiting: 0 };
      lines.set(name, line);
      if (line.waiting >= MOST_WAITING) return limited(client, { waitMs: maxWaitMs, because: 'spent' });
      line.waiting += 1;
      const before = line.last;
      const mine = cameInTime(before, line.waiting > 1, maxWaitMs).then((came) => (came ? drawUntil(kind, lane, deadline) : limited(client, { waitMs: maxWaitMs, because: 'spent' })));
      // Who gave up leaves the line as it was: the next one waits for those before it.
      line.last = Promise.allSettled([before, mine]);
      try {
        return await mine;
      } finally {
        line.waiting -= 1;
      }
    },
    async tooMany(kind, retryAfterMs) {
      log.warn({ client, kind, retryAfterMs }, 'the broker says that there were too many requests: entries keep still for a while');
      await budgets.change(nameOf(kind), (state, now) => ({ state: drained(state, retryAfterMs, now), result: undefined }));
    },
  };
}

const REASONS = {
  spent: 'the allowed number of requests is used up',
  drained: 'the broker asked for silence',
  exitsFirst: 'exits go first',
} as const;

function limited(client: string, { waitMs, because }: { readonly waitMs: number; readonly because: keyof typeof REASONS }): { readonly ok: false; readonly denial: Denial } {
  return deny('RATE_LIMITED', `Not sent to ${client}: ${REASONS[because]}.`, { retryAfterMs: waitMs, rule: 'rate limit', value: because, remedy: `Try again in ${Math.ceil(waitMs / 1_000)} s, or send fewer orders.` });
}
