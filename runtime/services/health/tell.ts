import type { FeedState } from '../../domain/feed';
import type { Clock, Log, Store } from '../../domain/ports';
import { MINUTE_MS, type EpochMs } from '../../domain/time';
import type { HealthState } from './health';

/** A connection that comes and goes is told this seldom. */
export const TELL_EVERY_MS = 5 * MINUTE_MS;

export interface HealthTellerOptions {
  readonly store: Pick<Store, 'accounts'> & { readonly events: Pick<Store['events'], 'record'> };
  readonly clock: Clock;
  readonly log: Log;
  /** The runtime that speaks. */
  readonly owner: string;
}

/** Makes account events of how a process and its prices are: each account hears when they turn bad, and when they are well again. */
export interface HealthTeller {
  process(state: HealthState): void;
  feed(status: { readonly state: FeedState; readonly reason?: string }): void;
  /** Resolves when what happened is journalled. */
  idle(): Promise<void>;
}

/** What is about to be well, and what nobody asked for yet, is no news. */
const FEED_TROUBLE: ReadonlySet<FeedState> = new Set(['mute', 'waiting', 'refused']);

export function createHealthTeller({ store, clock, log, owner }: HealthTellerOptions): HealthTeller {
  let telling: Promise<void> = Promise.resolve();
  let feedIs: 'well' | 'troubled' = 'well';
  let feedToldAt = -Infinity;

  async function record(subject: 'process' | 'feed', state: 'well' | 'troubled', message: string, happenedAt: EpochMs): Promise<void> {
    for (const { id } of await store.accounts()) {
      await store.events.record({ key: `health ${subject} ${owner} ${happenedAt} ${state}`, account: id, kind: 'health', message, facts: { subject, state, owner, severity: state === 'well' ? 'info' : 'critical' }, happenedAt });
    }
  }
  function tell(subject: 'process' | 'feed', state: 'well' | 'troubled', message: string): void {
    const happenedAt = clock.now();
    telling = telling.then(() => record(subject, state, message, happenedAt)).catch((error: unknown) => { log.error({ subject, state, err: error }, 'a change of health could not be journalled'); });
  }

  return {
    process: (state) => { tell('process', state.colour === 'red' ? 'troubled' : 'well', state.colour === 'red' ? `${state.reason} Entries wait until the process has been well for a while; exits pass.` : 'The process is well again: entries go on.'); },
    feed({ state, reason = state }) {
      if (feedIs === 'well' && FEED_TROUBLE.has(state) && clock.now() - feedToldAt >= TELL_EVERY_MS) {
        feedIs = 'troubled';
        feedToldAt = clock.now();
        tell('feed', 'troubled', `Prices do not come: ${reason}. Entries without a fresh price are refused.`);
      } else if (feedIs === 'troubled' && state === 'live') {
        feedIs = 'well';
        tell('feed', 'well', 'Prices come again.');
      }
    },
    idle: () => telling,
  };
}
