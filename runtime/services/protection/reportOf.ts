import { roundToTick } from '../../domain/instrument';
import type { Instrument } from '../../domain/market';
import { TERMINAL_STATUSES, type Order } from '../../domain/order';
import { closingAction, stepOrderId, type Protection, type ProtectionStep, type StepReport } from '../../domain/protection';
import type { RoutedAccount } from '../orderRouter/ports';
import type { ProtectionPorts } from './ports';

/** What came of an action. leaseLost: somebody else owns the protection by now. nothing: ask again later. */
export type Performed = { readonly kind: 'report'; readonly report: StepReport } | { readonly kind: 'leaseLost' } | { readonly kind: 'nothing' };

export interface Reporting {
  readonly ports: ProtectionPorts;
  readonly account: Pick<RoutedAccount, 'sessions'>;
  readonly instrument: Instrument;
}

/** What the journal knows of a step; nothing where its order was never admitted. `unmoved`: the broker has just refused to move it. */
export async function reportOf(reporting: Reporting, protection: Protection, number: number, { unmoved = false }: { readonly unmoved?: boolean } = {}): Promise<Performed> {
  const order = await reporting.ports.store.order(stepOrderId(protection, number));
  const step = protection.steps.find((known) => known.step === number);
  if (order === undefined || step === undefined) return { kind: 'nothing' };
  const { id: orderId, status: orderStatus, filledQuantity: filled, denial } = order;
  const isOver = TERMINAL_STATUSES.has(orderStatus);
  const gone = isOver && step.purpose === 'hold' && step.state !== 'ENDED' && await isGone(reporting, protection, order);
  return {
    kind: 'report',
    report: {
      step: number, state: isOver ? 'ENDED' : 'SENT', filled, orderId, orderStatus, ...(denial === undefined ? {} : { denial }), ...confirmedTerms(reporting.instrument, protection, step, order),
      ...(gone ? { gone } : {}), ...(unmoved && !isOver ? { unmoved } : {}),
    },
  };
}

/** A stop that somebody of ours took back for another order, or that ended with its day: it may rest again. */
async function isGone({ ports: { store, clock }, account: { sessions } }: Reporting, protection: Protection, { id, createdAt }: Order): Promise<boolean> {
  if (sessions.tradingDay(createdAt) < sessions.tradingDay(clock.now())) return true;
  return (await store.changes.ofOrder(id)).some(({ kind, status, signalId }) => kind === 'cancel' && status !== 'REFUSED' && signalId !== protection.id);
}

/** The level counts as confirmed where the order's trigger is the level on the tick. */
function confirmedTerms(instrument: Instrument, protection: Protection, { triggerPrice }: ProtectionStep, order: Order): Pick<StepReport, 'confirmed'> {
  if (triggerPrice === undefined || order.triggerPrice === undefined || order.status === 'SUBMITTING' || order.status === 'UNKNOWN') return {};
  const isThere = roundToTick(instrument, triggerPrice, closingAction(protection)) === order.triggerPrice;
  return { confirmed: { price: isThere ? triggerPrice : order.triggerPrice, quantity: order.quantity } };
}
