import type { Denial } from '../../domain/denial';
import { intentKey } from '../../domain/intentKey';
import type { OrderRequest } from '../../domain/nodeContext';
import type { Action, Origin } from '../../domain/order';
import type { AdmissionState } from '../../domain/ports';
import { decideAdmission } from '../riskGate/decide';
import type { RoutedAccount, RouterPorts } from './ports';
import { admissionScope, draftOf, gateInput } from './request';

/** What is thought away: `stops`, the strategy's stops at the broker on the order's side; `all`, its other pending orders there as well. */
export type Cleared = 'stops' | 'all';

/** What the gate would say to an order were what is in its way gone. Undefined where it would be admitted. */
export async function refusalOf(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest, { action, cleared }: { readonly action: Action; readonly cleared: Cleared }): Promise<Denial | undefined> {
  const draft = draftOf(origin, request);
  const input = await gateInput(ports, account, draft, request);
  const { state } = await ports.store.preview({ key: intentKey(draft), ...admissionScope(account, draft, input.now, request) });
  const admission = decideAdmission(input, without(state, action, cleared));
  return admission.kind === 'deny' ? admission.denial : undefined;
}

/** The state as it were, had the orders on that side been taken back. */
export function without({ stops = { buy: 0, sell: 0 }, ...state }: AdmissionState, action: Action, cleared: Cleared): AdmissionState {
  const side = action === 'SELL' ? 'sell' : 'buy';
  const gone = stops[side] + (cleared === 'all' ? state.pending[side] : 0);
  const pending = cleared === 'all' ? { ...state.pending, [side]: 0 } : state.pending;
  return { ...state, pending, accountPending: { ...state.accountPending, [side]: state.accountPending[side] - gone } };
}
