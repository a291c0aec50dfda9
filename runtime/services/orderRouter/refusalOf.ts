import type { Denial } from '../../domain/denial';
import type { OrderRequest } from '../../domain/nodeContext';
import type { Action, Origin } from '../../domain/order';
import { decideAdmission } from '../riskGate/decide';
import type { RoutedAccount, RouterPorts } from './ports';
import { admissionScope, draftOf, gateInput } from './request';

/** What the gate would say to an order were nothing in its way: no order of its strategy that rests on its side. Undefined where it would be admitted. */
export async function refusalOf(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest, action: Action): Promise<Denial | undefined> {
  const draft = draftOf(origin, request);
  const input = await gateInput(ports, account, draft, request);
  const state = await ports.store.admissionState(admissionScope(account, draft, input.now, request));
  const side = action === 'SELL' ? 'sell' : 'buy';
  const admission = decideAdmission(input, { ...state, pending: { ...state.pending, [side]: 0 }, accountPending: { ...state.accountPending, [side]: state.accountPending[side] - state.pending[side] } });
  return admission.kind === 'deny' ? admission.denial : undefined;
}
