import type { Denial } from '../../domain/denial';
import { fromMoney } from '../../domain/money';
import type { Order } from '../../domain/order';
import type { ChangeSubject, OrderTerms } from '../../domain/orderChange';
import type { AdmissionState } from '../../domain/ports';
import { decideAdmission } from '../riskGate/decide';
import type { GateInput } from '../riskGate/facts';
import { hasEnded, isInDoubt } from './follow';

/**
 * Whether a resting order may get new terms. It may only shrink: more is another order with an intent of its own. An entry at another price is judged by the
 * gate like a new one, with itself left out of what is pending; an exit is not. Pure; the store calls it inside the transaction that writes the change.
 */
export function judgeModify({ order, open, state }: ChangeSubject, wished: OrderTerms, input: GateInput): Denial | undefined {
  const standing = standingProblem(order);
  if (standing !== undefined) return standing;
  if (open !== undefined) return { code: 'OUTCOME_UNKNOWN', message: `An earlier change of order ${order.id} (to ${wordsOf(open.wished)}) is not proven yet; the order stands at ${wordsOf(open.before)} or there.`, remedy: 'Wait until it is found, or cancel the order.' };
  const problem = priceProblem(order, wished) ?? quantityProblem(order, wished, input.instrument.lotSize);
  if (problem !== undefined || order.purpose === 'exit') return problem;
  const rest = wished.quantity - order.filledQuantity;
  const admission = decideAdmission({ ...input, draft: { ...input.draft, size: { kind: 'fixed', action: order.action, quantity: rest } } }, without(order, state));
  return admission.kind === 'deny' ? admission.denial : undefined;
}

/** Whether an order may still be cancelled. One in doubt may: it is cancelled as soon as it is found. */
export function judgeCancel({ order }: ChangeSubject): Denial | undefined {
  return hasEnded(order) ? ended(order) : undefined;
}

function standingProblem(order: Order): Denial | undefined {
  if (hasEnded(order)) return ended(order);
  return isInDoubt(order) ? { code: 'OUTCOME_UNKNOWN', message: `Whether the broker has order ${order.id} is not known yet.`, remedy: 'It is looked up every few seconds; change it when it is found.' } : undefined;
}

function ended({ id, status }: Order): Denial {
  return { code: 'NOT_FOUND', message: `Order ${id} is ${status} already.`, value: status };
}

function priceProblem({ orderType }: Order, { limitPrice, triggerPrice }: OrderTerms): Denial | undefined {
  const hasLimit = orderType === 'LIMIT' || orderType === 'SL';
  const hasTrigger = orderType === 'SL' || orderType === 'SL-M';
  if ((limitPrice !== undefined) !== hasLimit) return { code: 'INVALID_PARAMETER', message: `A ${orderType} order has no limit price that could be changed.`, field: 'limitPrice' };
  if ((triggerPrice !== undefined) !== hasTrigger) return { code: 'INVALID_PARAMETER', message: `A ${orderType} order has no trigger price that could be changed.`, field: 'triggerPrice' };
  return undefined;
}

function quantityProblem({ quantity: before, filledQuantity }: Order, { quantity }: OrderTerms, lotSize: number): Denial | undefined {
  const field = 'quantity';
  if (quantity > before) return { code: 'QUANTITY_INVALID', message: `An order can only be made smaller: ${quantity} is more than its ${before}.`, field, limit: before, value: quantity, remedy: 'Place another order for the rest.' };
  if (quantity <= filledQuantity) return { code: 'QUANTITY_INVALID', message: `${filledQuantity} of the order are filled already.`, field, limit: filledQuantity, value: quantity, remedy: 'Cancel what is left of it.' };
  return quantity % lotSize === 0 ? undefined : { code: 'LOT_SIZE', message: `${quantity} is no multiple of the lot of ${lotSize}.`, field, limit: lotSize, value: quantity };
}

/** The account as it would be without the order. */
function without({ action, quantity, filledQuantity }: Order, state: AdmissionState): AdmissionState {
  const rest = quantity - filledQuantity;
  const less = (pending: AdmissionState['pending']): AdmissionState['pending'] => (action === 'BUY' ? { ...pending, buy: pending.buy - rest } : { ...pending, sell: pending.sell - rest });
  return { ...state, pending: less(state.pending), accountPending: less(state.accountPending), ordersToday: state.ordersToday - 1 };
}

export function wordsOf({ quantity, limitPrice, triggerPrice }: OrderTerms): string {
  const limit = limitPrice === undefined ? '' : ` at ${fromMoney(limitPrice)}`;
  return `${quantity}${limit}${triggerPrice === undefined ? '' : ` when ${fromMoney(triggerPrice)}`}`;
}
