import type { Denial } from '../../../domain/denial';
import type { Log } from '../../../domain/ports';
import type { GatewayState } from './gatewayState';
import type { GatewayLists } from './lists';

/** What was last seen of the gateway. Changes for the worse are logged once. */
export interface StateKeeper {
  current(): GatewayState;
  set(next: GatewayState): void;
  /** Something could not be read or was refused. */
  failed(denial: Denial): void;
  /** The lists came, and tell the mode as far as they do. */
  saw(lists: GatewayLists): void;
}

export function createStateKeeper({ account, expects, log }: { readonly account: string; readonly expects: 'live' | 'analyze'; readonly log: Log }): StateKeeper {
  let state: GatewayState = { mode: 'unknown', session: 'unknown' };
  const set = (next: GatewayState): void => {
    const { session, mode, denial } = next;
    if (session !== state.session && (session === 'refused' || session === 'unreachable')) log.error({ account, session, reason: denial?.message, remedy: denial?.remedy }, 'OpenAlgo can not be used');
    if (mode !== state.mode && mode !== 'unknown' && mode !== expects) log.error({ account, mode, expects }, 'OpenAlgo is in another mode than this account expects');
    state = next;
  };
  return {
    current: () => state,
    set,
    failed: (denial) => set({ ...state, session: denial.code === 'WRONG_SECRET' ? 'refused' : 'unreachable', denial }),
    saw: (lists) => set(seenIn(state, lists)),
  };
}

/** The sandbox names itself in its lists; a live gateway says nothing, and semi-auto is live. */
function seenIn({ denial, ...state }: GatewayState, { analyze }: GatewayLists): GatewayState {
  if (analyze) return { ...state, mode: 'analyze', session: 'ok' };
  if (state.mode !== 'semi_auto') return { ...state, mode: 'live', session: 'ok' };
  return { ...state, session: 'ok', ...(denial === undefined ? {} : { denial }) };
}
