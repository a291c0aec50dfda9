import { roundToTick } from '../../domain/instrument';
import type { Fence } from '../../domain/lease';
import type { Instrument } from '../../domain/market';
import { fromMoney } from '../../domain/money';
import type { OrderRequest } from '../../domain/nodeContext';
import { TERMINAL_STATUSES, type Order } from '../../domain/order';
import { closingAction, openingAction, originOf, stepOrderId, type Protection, type ProtectionAction, type ProtectionStep, type StepReport } from '../../domain/protection';
import { cancelOrder } from '../orderRouter/cancel';
import { modifyOrder } from '../orderRouter/modify';
import { place } from '../orderRouter/place';
import type { RoutedAccount } from '../orderRouter/ports';
import type { ProtectionPorts } from './ports';

/** What came of an action. leaseLost: somebody else owns the protection by now. nothing: ask again later. */
export type Performed = { readonly kind: 'report'; readonly report: StepReport } | { readonly kind: 'leaseLost' } | { readonly kind: 'nothing' };

export interface Acting {
  readonly ports: ProtectionPorts;
  readonly account: RoutedAccount;
  readonly instrument: Instrument;
  readonly fence: Fence;
}

/** Carries one action out through the order router: the step's intent has a key of its own, so that whoever repeats it sends nothing twice. */
export async function perform(acting: Acting, protection: Protection, action: ProtectionAction): Promise<Performed> {
  const { ports, account } = acting;
  switch (action.kind) {
    case 'place': return placeStep(acting, protection, action.step);
    case 'cancel': {
      await cancelOrder(ports, account, originOf(protection), { kind: 'order', orderId: action.orderId, step: String(ports.clock.now()) });
      return reportOf(acting, protection, action.step);
    }
    case 'move': {
      const triggerPrice = roundToTick(acting.instrument, action.triggerPrice, closingAction(protection));
      await modifyOrder(ports, account, originOf(protection), { kind: 'order', orderId: action.orderId, step: `${action.quantity}@${fromMoney(triggerPrice)} ${ports.clock.now()}` }, { triggerPrice, quantity: action.quantity });
      return reportOf(acting, protection, action.step);
    }
  }
}

async function placeStep(acting: Acting, protection: Protection, step: ProtectionStep): Promise<Performed> {
  const { ports, account, fence } = acting;
  const result = await place(ports, account, originOf(protection), { ...requestOf(acting, protection, step), fence });
  if (result.kind === 'satisfied') return ended(step, { code: 'NO_POSITION', message: 'Nothing is left to close.' });
  if (result.kind === 'refused' && result.order === undefined) return result.denial.code === 'LEASE_LOST' ? { kind: 'leaseLost' } : ended(step, result.denial);
  return reportOf(acting, protection, step.step);
}

function ended({ step, filled }: ProtectionStep, denial: NonNullable<StepReport['denial']>): Performed {
  return { kind: 'report', report: { step, state: 'ENDED', filled, denial } };
}

/** Exits close at market what the strategy still holds in the protected direction; the admission caps them. */
function requestOf({ instrument }: Acting, protection: Protection, { step, purpose, quantity, triggerPrice }: ProtectionStep): OrderRequest {
  const action = purpose === 'excess' ? openingAction(protection) : closingAction(protection);
  const terms = triggerPrice === undefined ? { orderType: 'MARKET' } as const : { orderType: 'SL-M', triggerPrice: roundToTick(instrument, triggerPrice, action) } as const;
  return { instrument, leg: step, purpose: 'exit', product: protection.product, size: { kind: 'exit', quantity, action }, ...terms };
}

/** What the journal knows of a step; nothing where its order was never admitted. */
export async function reportOf({ ports, instrument }: Pick<Acting, 'ports' | 'instrument'>, protection: Protection, number: number): Promise<Performed> {
  const order = await ports.store.order(stepOrderId(protection, number));
  const step = protection.steps.find((known) => known.step === number);
  if (order === undefined || step === undefined) return { kind: 'nothing' };
  const { id: orderId, status: orderStatus, filledQuantity: filled, denial } = order;
  return {
    kind: 'report',
    report: { step: number, state: TERMINAL_STATUSES.has(orderStatus) ? 'ENDED' : 'SENT', filled, orderId, orderStatus, ...(denial === undefined ? {} : { denial }), ...confirmedTerms(instrument, protection, step, order) },
  };
}

/** The level counts as confirmed where the order's trigger is the level on the tick. */
function confirmedTerms(instrument: Instrument, protection: Protection, { triggerPrice }: ProtectionStep, order: Order): Pick<StepReport, 'confirmed'> {
  if (triggerPrice === undefined || order.triggerPrice === undefined || order.status === 'SUBMITTING' || order.status === 'UNKNOWN') return {};
  const isThere = roundToTick(instrument, triggerPrice, closingAction(protection)) === order.triggerPrice;
  return { confirmed: { price: isThere ? triggerPrice : order.triggerPrice, quantity: order.quantity } };
}
