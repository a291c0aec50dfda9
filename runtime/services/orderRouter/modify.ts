import { deny } from '../../domain/denial';
import { roundToTick } from '../../domain/instrument';
import type { Instrument } from '../../domain/market';
import { checkTrigger } from '../../domain/paper';
import type { ChangeResult, OrderTarget } from '../../domain/nodeContext';
import type { IntentDraft, Order, Origin } from '../../domain/order';
import { isOpenChange, isSameTerms, termsOf, type OrderTerms, type RecordedChange } from '../../domain/orderChange';
import type { OrderChange } from '../../domain/ports';
import { hasEnded } from './follow';
import { judgeModify, wordsOf } from './judge';
import type { RoutedAccount, RouterPorts } from './ports';
import { admissionScope, gateInput } from './request';
import { proveModify } from './prove';
import { replaceOrder } from './replace';
import { changeKey, findTarget, notFound } from './target';
import { orderView } from './views';

/**
 * Gives a resting order new terms. Where the answer is lost it is pending, with the terms before and the terms wished, until the broker shows which hold.
 * A broker that can not modify has the order cancelled, and only when that is proven another one placed for what was left of it.
 */
export async function modifyOrder(ports: RouterPorts, account: RoutedAccount, origin: Origin, target: OrderTarget, change: OrderChange): Promise<ChangeResult> {
  const key = changeKey('modify', origin, target);
  const known = await ports.store.changes.find(key);
  const order = known === undefined ? await findTarget(ports, origin, target) : await ports.store.order(known.orderId);
  if (order === undefined) return { kind: 'refused', denial: notFound(target) };
  const instrument = ports.instruments.find(order.instrument, ports.clock.now());
  if (instrument === undefined) return { kind: 'refused', denial: { code: 'UNKNOWN_SYMBOL', message: `${order.instrument} is no longer known.` }, order: orderView(order, false) };
  const wish = { key, origin, order, instrument, wished: wishedTerms(order, instrument, change) };
  if (known === undefined && !hasEnded(order) && isSameTerms(wish.wished, termsOf(order))) return { kind: 'done', order: orderView(order, false) };
  if (account.broker.modify === undefined) return replace(ports, account, wish);
  if (known !== undefined) return resultOf(order, isOpenChange(known) ? await proveModify(ports, account, known) : known, true);
  return ask(ports, account, wish);
}

interface ModifyWish {
  readonly key: string;
  readonly origin: Origin;
  readonly order: Order;
  readonly instrument: Instrument;
  readonly wished: OrderTerms;
}

/** New prices lie on the tick, a buyer's rounded up and a seller's down. */
function wishedTerms(order: Order, instrument: Instrument, change: OrderChange): OrderTerms {
  const limitPrice = change.limitPrice === undefined ? order.limitPrice : roundToTick(instrument, change.limitPrice, order.action);
  const triggerPrice = change.triggerPrice === undefined ? order.triggerPrice : roundToTick(instrument, change.triggerPrice, order.action);
  return { quantity: change.quantity ?? order.quantity, ...(limitPrice === undefined ? {} : { limitPrice }), ...(triggerPrice === undefined ? {} : { triggerPrice }) };
}

async function ask(ports: RouterPorts, account: RoutedAccount, wish: ModifyWish): Promise<ChangeResult> {
  const { key, origin, order, wished } = wish;
  const { input, scope } = await gateOf(ports, account, wish);
  const { change } = await ports.store.changes.request({ key, kind: 'modify', orderId: order.id, origin, wished, tradingDay: scope.tradingDay, lockNames: scope.lockNames, happenedAt: input.now }, (subject) => judgeModify(subject, wished, input));
  if (change.status !== 'REQUESTED') return resultOf(order, change, false);
  const answer = await account.broker.modify?.(order.id, wished).catch((error: unknown) => deny('OUTCOME_UNKNOWN', `The broker could not be asked: ${String(error)}`)) ?? deny('NOT_SUPPORTED', 'The broker can not change orders.');
  const end = { key, happenedAt: ports.clock.now() };
  if (answer.ok) return resultOf(order, await ports.store.changes.finish({ ...end, status: 'DONE' }), false, ports);
  if (answer.denial.code !== 'OUTCOME_UNKNOWN') return resultOf(order, await ports.store.changes.finish({ ...end, status: 'REFUSED', denial: answer.denial }), false);
  const unknown = await ports.store.changes.finish({ ...end, status: 'UNKNOWN', denial: { ...answer.denial, message: `${answer.denial.message} The order stands at ${wordsOf(change.before)} or at ${wordsOf(wished)}.` } });
  return resultOf(order, await proveModify(ports, account, unknown), false, ports);
}

/** What the gate is told of the order with its new terms. */
async function gateOf(ports: RouterPorts, account: RoutedAccount, { order, instrument, wished }: ModifyWish) {
  const added = (await ports.store.intent(order.intentKey))?.added ?? {};
  const { account: id, strategyId, nodeKey, signalId, instrument: key, purpose, product, orderType, action } = order;
  const { limitPrice, triggerPrice, quantity } = wished;
  const draft: IntentDraft = {
    account: id, strategyId, nodeKey, signalId, instrument: key, leg: 0, purpose, product, orderType, size: { kind: 'fixed', action, quantity },
    ...(limitPrice === undefined ? {} : { limitPrice }), ...(triggerPrice === undefined ? {} : { triggerPrice }),
  };
  const input = await gateInput(ports, account, draft, { instrument, ...added });
  return { input, scope: admissionScope(account, draft, input.now) };
}

/** For a broker that can not modify. What it would refuse anew is not cancelled for it: a stop whose trigger the price has reached. */
async function replace(ports: RouterPorts, account: RoutedAccount, wish: ModifyWish): Promise<ChangeResult> {
  const { order, wished } = wish;
  const { input } = await gateOf(ports, account, wish);
  const reached = input.quote === undefined ? undefined : checkTrigger({ ...order, ...wished }, input.quote);
  return replaceOrder(ports, account, { ...wish, orderType: order.orderType, judge: (subject) => judgeModify(subject, wished, input) ?? reached?.denial });
}

async function resultOf(order: Order, change: RecordedChange, duplicate: boolean, ports?: RouterPorts): Promise<ChangeResult> {
  const now = (await ports?.store.order(order.id)) ?? order;
  const view = orderView(now, duplicate);
  const { status, denial, wished, before } = change;
  switch (status) {
    case 'DONE': return { kind: 'done', order: view };
    case 'OVER': return { kind: 'refused', denial: denial ?? { code: 'NOT_FOUND', message: `Order ${order.id} ended before it could be changed.` }, order: view };
    case 'REFUSED': return { kind: 'refused', denial: denial ?? { code: 'ORDER_REJECTED', message: 'The change was refused without a reason.' }, order: view };
    case 'REQUESTED':
    case 'UNKNOWN': return { kind: 'pending', denial: denial ?? { code: 'OUTCOME_UNKNOWN', message: `Whether the change was carried out is not known. The order stands at ${wordsOf(before)} or at ${wordsOf(wished)}.` }, order: view };
  }
}
