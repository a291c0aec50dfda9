import { afterFailure, afterSuccess, CLOSED, isHolding, type Breaker, type CallKind } from '../../domain/brokerBreaker/breaker';
import type { AccountEventStore } from '../../domain/accountEvent';
import type { EntryPause } from '../../domain/entryPause';
import type { Clock, Log } from '../../domain/ports';

export interface BreakerWatchOptions {
  readonly account: string;
  readonly events: Pick<AccountEventStore, 'record'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Counts what fails at one account's broker, in this process, and tells when entries stop and go on. */
export interface BreakerWatch {
  failed(kind: CallKind, reason: string): void;
  worked(kind: CallKind): void;
  /** Set while entries wait. */
  pause(): EntryPause | undefined;
  /** The wait is over and nothing has shown yet that the broker works: one entry may try. */
  isTrial(): boolean;
  /** Resolves when what happened is journalled. */
  idle(): Promise<void>;
}

export function createBreakerWatch({ account, events, clock, log }: BreakerWatchOptions): BreakerWatch {
  let breaker: Breaker = CLOSED;
  let reason = '';
  let telling: Promise<void> = Promise.resolve();

  function tell(kind: 'breakerOpened' | 'breakerClosed', since: number, message: string): void {
    const happenedAt = clock.now();
    log.warn({ account, kind }, message);
    telling = telling.then(async () => {
      await events.record({ key: `${kind} ${since}`, account, kind, message, facts: { since }, happenedAt });
    }).catch((error: unknown) => log.error({ account, err: error }, 'a change of the broker breaker could not be journalled'));
  }

  return {
    failed(kind, why) {
      const before = breaker;
      breaker = afterFailure(breaker, kind, clock.now());
      reason = why;
      if (before.state === 'closed' && breaker.state === 'open') tell('breakerOpened', breaker.since, `The broker of account ${account} fails call after call (${why}): no entries until it answers again. Exits are still sent.`);
    },
    worked(kind) {
      const before = breaker;
      breaker = afterSuccess(breaker, kind);
      if (before.state === 'open' && breaker.state === 'closed') tell('breakerClosed', before.since, `The broker of account ${account} answers again: entries go on.`);
    },
    pause() {
      if (breaker.state === 'closed' || !isHolding(breaker, clock.now())) return undefined;
      return { since: breaker.since, until: breaker.until, reason: `The broker fails call after call (${reason}): no entries for now.` };
    },
    isTrial: () => breaker.state === 'open' && !isHolding(breaker, clock.now()),
    idle: () => telling,
  };
}
