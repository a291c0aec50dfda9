import type { Denial } from '../../domain/denial';
import { intentKey, orderIdOf, refusalKey } from '../../domain/intentKey';
import type { OrderRequest, PlaceResult, RefusedWish } from '../../domain/nodeContext';
import type { IntentDraft, Origin } from '../../domain/order';
import { leaningOf } from '../../domain/decidedIntent';
import type { RoutedAccount, RouterPorts } from './ports';
import { admissionScope } from './request';

/**
 * Journals why a wish became no order although no gate has decided about it: once a signal, node and leg, as a refusal of the gate is, for the lists, the export and whoever listens.
 * It has a key of its own, so that the same wish may be wished for again. What the gate has decided about is journalled already.
 */
export async function recordRefusal({ store, clock }: RouterPorts, account: RoutedAccount, origin: Origin, { quantity: asked, action, ...wish }: RefusedWish, denial: Denial): Promise<void> {
  const quantity = Number.isFinite(asked) ? asked : 0;
  const draft: IntentDraft = { ...origin, ...wish, size: { kind: 'fixed', action, quantity } };
  if (await store.intent(intentKey(draft)) !== undefined) return;
  const key = refusalKey(origin, wish.leg);
  await store.admit({ key, orderId: orderIdOf(key), ...admissionScope(account, draft, clock.now()) }, () => ({ kind: 'deny', action, quantity, denial }));
}

/** The same for what the router refused before it asked the gate. */
export async function recordUndecided(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest, outcomes: readonly PlaceResult[]): Promise<void> {
  const refused = outcomes.find((outcome) => outcome.kind === 'refused' && outcome.order === undefined);
  if (refused?.kind !== 'refused') return;
  const { instrument, leg, purpose, size, product, orderType, strategyId = origin.strategyId } = request;
  await recordRefusal(ports, account, { ...origin, strategyId }, { instrument: instrument.key, leg, purpose, product, orderType, action: leaningOf(size), quantity: Math.abs(size.quantity ?? 0) }, refused.denial);
}
