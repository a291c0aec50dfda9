import { intentKey, orderIdOf } from '../../domain/intentKey';
import type { OrderRequest, PlaceResult, Verdict } from '../../domain/nodeContext';
import type { Origin } from '../../domain/order';
import { decideAdmission } from '../riskGate/decide';
import { makeWay } from './makeWay';
import type { RoutedAccount, RouterPorts } from './ports';
import { admissionScope, draftOf, gateInput } from './request';
import { resultOf, send, unexplained } from './send';

/** Gate and reserve in one transaction, durable, then sent, once. What its way is not free for yet is refused without a trace, so that it may be wished for again. */
export async function place(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<PlaceResult> {
  const inTheWay = await makeWay(ports, account, origin, request);
  if (inTheWay !== undefined) return { kind: 'refused', denial: inTheWay };
  const draft = draftOf(origin, request);
  const input = await gateInput(ports, account, draft, request);
  const key = intentKey(draft);
  const admitted = await ports.store.admit({ key, orderId: orderIdOf(key), ...admissionScope(account, draft, input.now, request) }, (state) => decideAdmission(input, state));
  const { intent, order, duplicate } = admitted;
  if (intent.status === 'SATISFIED') return { kind: 'satisfied', intentKey: key };
  if (order === undefined) return { kind: 'refused', denial: intent.denial ?? unexplained(key) };
  return resultOf(duplicate ? order : await send(ports, account, order), duplicate);
}

/** A refusal is journalled like one of the router's own, and stands when the same signal comes again. An approval writes nothing: only an order reserves. */
export async function assess(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<Verdict> {
  const draft = draftOf(origin, request);
  const key = intentKey(draft);
  const earlier = await ports.store.intent(key);
  if (earlier?.denial !== undefined) return { approved: false, denial: earlier.denial };
  const input = await gateInput(ports, account, draft, request);
  const scope = admissionScope(account, draft, input.now, request);
  const admission = decideAdmission(input, await ports.store.admissionState(scope));
  switch (admission.kind) {
    case 'admit': return { approved: true, action: admission.action, quantity: admission.quantity };
    case 'satisfied': return { approved: false, denial: { code: 'NO_POSITION', message: 'Nothing is left to trade for this target or exit.' } };
    case 'deny': {
      // A signal that is delivered again has used up its own room: its order exists, so the flow shall end as it did.
      const placed = await ports.store.orderOfSignal(draft);
      if (placed !== undefined) return { approved: true, action: placed.action, quantity: placed.quantity };
      // Another call may have been first: what is journalled is the answer.
      const { intent } = await ports.store.admit({ key, orderId: orderIdOf(key), ...scope }, () => admission);
      return { approved: false, denial: intent.denial ?? admission.denial };
    }
  }
}
