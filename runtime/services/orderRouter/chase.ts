import { rungPrice, type ChaseTerms } from '../../domain/chase';
import type { Money } from '../../domain/money';
import type { ChangeResult, OrderRequest, PlaceResult } from '../../domain/nodeContext';
import type { Order, Origin } from '../../domain/order';
import { newestQuote } from '../marketData/newestQuote';
import { aboutOrder, alarm } from './alarm';
import { exitSide } from './exitSide';
import { follow, hasEnded, type Patience } from './follow';
import { judgeCancel } from './judge';
import { modifyOrder } from './modify';
import { place } from './place';
import type { RoutedAccount, RouterPorts } from './ports';
import { replaceOrder } from './replace';
import { resultOf } from './send';
import { changeKey } from './target';

/**
 * Places an exit as a limit order at the market and re-prices it step by step while it rests, within the ladder's distance and steps; then people are told, and it rests where it is.
 * Every step is journalled under the signal and its number: a repeat goes on where the first run ended. Without a price it is a plain market order.
 */
export async function chaseExit(ports: RouterPorts, account: RoutedAccount, origin: Origin, request: OrderRequest, terms: ChaseTerms): Promise<PlaceResult> {
  const quote = await newestQuote(ports, request.instrument.key);
  const action = request.size.kind === 'fixed' ? request.size.action : await exitSide(ports, origin, request);
  if (quote === undefined || action === undefined) return place(ports, account, origin, request);
  const first = rungPrice({ action, instrument: request.instrument, anchor: quote.last, step: 0, quote }, terms);
  const isLimit = request.orderType === 'LIMIT' || request.orderType === 'MARKET';
  const placed = await place(ports, account, origin, isLimit ? { ...request, orderType: 'LIMIT', limitPrice: request.limitPrice ?? first } : request);
  if (placed.kind !== 'placed') return placed;
  return chaseOrder(ports, account, origin, placed.order.id, terms, quote.last);
}

/** Walks the ladder for an exit that exists: one that was placed as a limit, or a market order that the broker's market protection left resting. `anchor` is the last price when the exit began; default: the last price now. */
export async function chaseOrder(ports: RouterPorts, account: RoutedAccount, origin: Origin, orderId: string, terms: ChaseTerms, anchor?: Money): Promise<PlaceResult> {
  let id = orderId;
  let start = anchor;
  let isStuck = false;
  let refused: string | undefined;
  for (let step = 1; ; step += 1) {
    const order = await follow(ports, account, id, hasEnded, patienceOf(terms));
    const who = { ...origin, strategyId: order.strategyId };
    const taken = hasEnded(order) && id !== refused ? await takenBack(ports, who, order, terms) : undefined;
    if (hasEnded(order) && taken === undefined) return resultOf(order, false);
    if (step > terms.steps && taken === undefined) return giveUp(ports, order, terms);
    step = Math.max(step, taken?.step ?? step);
    const quote = await newestQuote(ports, order.instrument);
    start ??= quote?.last;
    const instrument = ports.instruments.find(order.instrument, ports.clock.now());
    if (start === undefined || instrument === undefined) {
      if (taken !== undefined) return resultOf(order, false);
      continue;
    }
    const limitPrice = rungPrice({ action: order.action, instrument, anchor: start, step: Math.min(step, terms.steps), ...(quote === undefined ? {} : { quote }), ...(order.limitPrice === undefined ? {} : { previous: order.limitPrice }) }, terms);
    const target = { kind: 'order', orderId: id, step: stepName(taken?.step ?? step) } as const;
    const replaces: boolean = taken?.kind === 'cancel' || (taken === undefined && (isStuck || order.orderType !== 'LIMIT'));
    const changed: ChangeResult = replaces
      ? await replaceOrder(ports, account, { key: changeKey('cancel', who, target), origin: who, order, instrument, wished: { quantity: order.quantity, limitPrice }, orderType: 'LIMIT', judge: judgeCancel })
      : await modifyOrder(ports, account, who, target, { limitPrice });
    // Whether a lost step was taken is not known: then the order is cancelled with the next one, and only when that is proven placed anew.
    isStuck = changed.kind === 'pending';
    if (changed.kind === 'done') id = changed.order.id;
    if (changed.kind === 'refused') refused = id;
  }
}

function stepName(step: number): string {
  return `chase ${step}`;
}

/**
 * The step that had the order cancelled, where it has ended so with something left: whoever asked may have died, or lost patience, before the order that takes its place was placed.
 * `kind` is under which wish: a broker that can not modify cancels for a modification.
 */
async function takenBack({ store }: RouterPorts, who: Origin, { id, status, quantity, filledQuantity }: Order, { steps }: ChaseTerms): Promise<{ readonly step: number; readonly kind: 'cancel' | 'modify' } | undefined> {
  if (status !== 'CANCELLED' || filledQuantity >= quantity) return undefined;
  for (let step = steps; step > 0; step -= 1) {
    for (const kind of ['cancel', 'modify'] as const) {
      if ((await store.changes.find(changeKey(kind, who, { kind: 'order', orderId: id, step: stepName(step) })))?.kind === 'cancel') return { step, kind };
    }
  }
  return undefined;
}

function patienceOf({ waitMs }: ChaseTerms): Patience {
  const everyMs = Math.min(250, waitMs);
  return { looks: Math.ceil(waitMs / everyMs), everyMs };
}

async function giveUp(ports: RouterPorts, order: Order, { steps, maxDistancePercent }: ChaseTerms): Promise<PlaceResult> {
  await alarm(ports, {
    ...aboutOrder(order), key: `chase ${order.id} exhausted`, kind: 'protectionFailed',
    message: `The exit ${order.action} ${order.quantity} ${order.instrument} rests with ${order.filledQuantity} filled after ${steps} steps within ${maxDistancePercent} %. It is not chased any further.`,
  });
  return resultOf(order, false);
}
