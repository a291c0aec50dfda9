import type { Denial } from '../../../domain/denial';
import type { Log } from '../../../domain/ports';

/** What was last seen of Upstox. expired: the token is wrong or over, and a person must log in. */
export interface UpstoxState {
  readonly mode: 'live' | 'sandbox';
  readonly session: 'ok' | 'expired' | 'unreachable' | 'unknown';
  /** Why it is not well, and what to do. */
  readonly denial?: Denial;
}

/** Remembers the state; a change for the worse is logged once. */
export interface SessionKeeper {
  current(): UpstoxState;
  worked(): void;
  failed(denial: Denial): void;
}

export function createSessionKeeper({ account, mode, log }: { readonly account: string; readonly mode: UpstoxState['mode']; readonly log: Log }): SessionKeeper {
  let state: UpstoxState = { mode, session: 'unknown' };
  return {
    current: () => state,
    worked: () => { state = { mode, session: 'ok' }; },
    failed(denial) {
      const session = denial.code === 'SESSION_EXPIRED' ? 'expired' : 'unreachable';
      if (session !== state.session) log.error({ account, session, reason: denial.message, remedy: denial.remedy }, 'Upstox can not be used');
      state = { mode, session, denial };
    },
  };
}
