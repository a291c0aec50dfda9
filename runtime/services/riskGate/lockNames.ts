import type { InstrumentKey } from '../../domain/market';

/** What a trade lock covers. The name says it, so that a person can read it in the list of locks. */
export const LOCK_SCOPES = ['account', 'strategy', 'symbol', 'strategySymbol'] as const;
export type LockScope = (typeof LOCK_SCOPES)[number];

export interface LockSubject {
  readonly strategyId: string;
  readonly instrument: InstrumentKey;
}

/** The name under which a lock of this scope is held, the same for every flow of the account. */
export function lockName(scope: LockScope, { strategyId, instrument }: LockSubject): string {
  switch (scope) {
    case 'account': return 'account';
    case 'strategy': return `strategy:${strategyId}`;
    case 'symbol': return `symbol:${instrument}`;
    case 'strategySymbol': return `strategy-symbol:${strategyId}:${instrument}`;
  }
}

/** The repeat cool-down is a lock on one strategy in one instrument. */
export function cooldownLock(subject: LockSubject): string {
  return lockName('strategySymbol', subject);
}
