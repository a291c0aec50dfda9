import { intentKey, orderIdOf } from '../../domain/intentKey';
import type { OrderRequest, PlaceResult, Verdict } from '../../domain/nodeContext';
import { nothingToTrade } from '../../domain/nothingToTrade';
import type { Action, IntentDraft, Order, Origin } from '../../domain/order';
import { areStopsInTheWay, decideAdmission } from '../riskGate/decide';
import { makeWay } from './makeWay';
import type { RoutedAccount, RouterPorts } from './ports';
import { without } from './refusalOf';
import { admissionScope, closesAtMarket, draftOf, gateInput } from './request';
import { resultOf, send, unexplained } from './send';

/** A stop may come to rest again before the order is admitted: then it makes way again, so often at most. */
const MAX_WAYS = 3;

/** Gate and reserve in one transaction, durable (for a broker that shares the journal: no later than what it is sent), then sent, once. What has no free way past the stops at the broker is refused without a trace, so that it may be wished for again. */
export async function place(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<PlaceResult> {
  const draft = draftOf(origin, request);
  for (let ways = 0; ; ways += 1) {
    const tried = await tryToAdmit(ports, account, draft, request);
    if (tried.kind === 'known') return tried.result;
    if (tried.kind === 'admitted') return resultOf(await send(ports, account, tried.order), false);
    if (ways >= MAX_WAYS) return { kind: 'refused', denial: { code: 'OUTCOME_UNKNOWN', message: 'A stop at the broker keeps coming back before the order is admitted.', remedy: 'Try again in a moment.' } };
    const denial = await makeWay(ports, account, origin, request, tried.of);
    if (denial !== undefined) return { kind: 'refused', denial };
  }
}

type Sided = { readonly action: Action; readonly quantity: number };
type Admittance = { readonly kind: 'known'; readonly result: PlaceResult } | { readonly kind: 'admitted'; readonly order: Order } | { readonly kind: 'inTheWay'; readonly of: Sided };

/** Thrown by the decision, so that the admission writes nothing. */
class StopsInTheWay extends Error {
  constructor(readonly of: Sided) {
    super('Stops at the broker are in the way of an order.');
  }
}

/** Whether stops at the broker are in the way is read inside the transaction that would admit. */
async function tryToAdmit(ports: RouterPorts, account: RoutedAccount, draft: IntentDraft, request: OrderRequest): Promise<Admittance> {
  const input = await gateInput(ports, account, draft, request);
  const key = intentKey(draft);
  try {
    const flushLater = account.broker.capabilities.sharesJournal === true;
    const { intent, order, duplicate } = await ports.store.admit({ key, orderId: orderIdOf(key), ...admissionScope(account, draft, input.now, request), flushLater }, (state) => {
      const admission = decideAdmission(input, state);
      if (admission.kind === 'admit' && areStopsInTheWay(draft, state, admission)) throw new StopsInTheWay(admission);
      return admission;
    });
    if (intent.status === 'SATISFIED') return { kind: 'known', result: { kind: 'satisfied', intentKey: key } };
    if (order === undefined) return { kind: 'known', result: { kind: 'refused', denial: intent.denial ?? unexplained(key) } };
    return duplicate ? { kind: 'known', result: resultOf(order, true) } : { kind: 'admitted', order };
  } catch (error) {
    if (error instanceof StopsInTheWay) return { kind: 'inTheWay', of: error.of };
    throw error;
  }
}

/** A refusal, and an exit that finds nothing, are journalled like those of the router itself, and stand when the same signal comes again. An approval writes nothing: only an order reserves. */
export async function assess(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest): Promise<Verdict> {
  const draft = draftOf(origin, request);
  const key = intentKey(draft);
  const input = await gateInput(ports, account, draft, request);
  const scope = admissionScope(account, draft, input.now, request);
  const { earlier, state } = await ports.store.preview({ key, ...scope });
  if (earlier?.denial !== undefined) return { approved: false, denial: earlier.denial };
  if (earlier?.status === 'SATISFIED') return { approved: false, denial: nothingToTrade(draft) };
  const admission = decideAdmission(input, closesAtMarket(request) ? without(state, state.position.quantity > 0 ? 'SELL' : 'BUY', 'all') : state);
  switch (admission.kind) {
    case 'admit': return { approved: true, action: admission.action, quantity: admission.quantity };
    case 'satisfied':
    case 'deny': {
      // A signal that is delivered again has used up its own room: its order exists, so the flow shall end as it did.
      const placed = await ports.store.orderOfSignal(draft);
      if (placed !== undefined) return { approved: true, action: placed.action, quantity: placed.quantity };
      if (admission.kind === 'satisfied' && draft.size.kind !== 'exit') return { approved: false, denial: nothingToTrade(draft) };
      // Another call may have been first: what is journalled is the answer.
      const { intent } = await ports.store.admit({ key, orderId: orderIdOf(key), ...scope }, () => admission);
      return { approved: false, denial: intent.denial ?? (admission.kind === 'deny' ? admission.denial : nothingToTrade(draft)) };
    }
  }
}
