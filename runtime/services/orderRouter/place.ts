import { intentKey, orderIdOf } from '../../domain/intentKey';
import type { OrderRequest, PlaceResult, Verdict } from '../../domain/nodeContext';
import type { IntentDraft, Origin } from '../../domain/order';
import { decideAdmission } from '../riskGate/decide';
import type { GateInput } from '../riskGate/facts';
import { makeWay } from './makeWay';
import type { RoutedAccount, RouterPorts } from './ports';
import { admissionScope, draftOf, gateInput } from './request';
import { resultOf, send, unexplained } from './send';

/** A way that was free no longer once the price was known is made again so often. */
const MAX_WAYS = 3;

/** Gate and reserve in one transaction, durable, then sent, once. What its way is not free for yet is refused without a trace, so that it may be wished for again. */
export async function place(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<PlaceResult> {
  const draft = draftOf(origin, request);
  for (let tries = 0; tries < MAX_WAYS; tries += 1) {
    const way = await makeWay(ports, account, origin, request);
    if (way.kind === 'denied') return { kind: 'refused', denial: way.denial };
    const input = await gateInput(ports, account, draft, request);
    if (ports.clock.now() < way.until) return admitAndSend(ports, account, draft, request, input);
  }
  return { kind: 'refused', denial: { code: 'NO_PRICE', message: `The price of ${draft.instrument} takes too long.`, remedy: 'Try again in a moment.' } };
}

async function admitAndSend(ports: RouterPorts, account: RoutedAccount, draft: IntentDraft, request: OrderRequest, input: GateInput): Promise<PlaceResult> {
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
