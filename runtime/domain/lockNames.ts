import type { InstrumentKey } from './market';

/** What a trade lock covers. The name says it, so that a person can read it in the list of locks. */
export const LOCK_SCOPES = ['account', 'strategy', 'symbol', 'strategySymbol'] as const;
export type LockScope = (typeof LOCK_SCOPES)[number];

export interface LockSubject {
  readonly strategyId: string;
  /** Needed by the scopes that name a symbol. */
  readonly instrument?: InstrumentKey | undefined;
}

/** The name under which a lock of this scope is held, the same for every flow of the account. */
export function lockName(scope: LockScope, { strategyId, instrument }: LockSubject): string {
  if (instrument === undefined && (scope === 'symbol' || scope === 'strategySymbol')) throw new Error(`A lock of scope ${scope} needs an instrument.`);
  switch (scope) {
    case 'account': return 'account';
    case 'strategy': return `strategy:${strategyId}`;
    case 'symbol': return `symbol:${instrument ?? ''}`;
    case 'strategySymbol': return `strategy-symbol:${strategyId}:${instrument ?? ''}`;
  }
}

/** The repeat cool-down is a lock on one strategy in one instrument. */
export function cooldownLock(subject: LockSubject): string {
  return lockName('strategySymbol', subject);
}
