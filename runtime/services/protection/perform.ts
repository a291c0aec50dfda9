import type { Denial, DenialCode } from '../../domain/denial';
import type { Fence } from '../../domain/lease';
import type { Instrument } from '../../domain/market';
import { fromMoney } from '../../domain/money';
import type { OrderRequest, OrderTarget } from '../../domain/nodeContext';
import type { Action } from '../../domain/order';
import { isOpenChange, type ChangeKind } from '../../domain/orderChange';
import { closingAction, openingAction, originOf, stepOrderId, type Protection, type ProtectionAction, type ProtectionStep } from '../../domain/protection';
import { SECOND_MS } from '../../domain/time';
import { aboutOrder, alarm } from '../orderRouter/alarm';
import { stepOf } from '../orderRouter/askAnew';
import { cancelOrder } from '../orderRouter/cancel';
import { makeRoom } from '../orderRouter/closeNow';
import { exitTerms } from '../orderRouter/exitTerms';
import { leaseLost } from '../orderRouter/fence';
import { modifyOrder } from '../orderRouter/modify';
import { place } from '../orderRouter/place';
import type { RoutedAccount } from '../orderRouter/ports';
import type { Room } from '../orderRouter/room';
import type { ProtectionPorts } from './ports';
import { reportOf, type Performed } from './reportOf';
import { stopTerms } from './stopTerms';

/** An exit that waits longer for its units is told of. */
const STUCK_MS = 30 * SECOND_MS;

export interface Acting {
  readonly ports: ProtectionPorts;
  readonly account: RoutedAccount;
  readonly instrument: Instrument;
  readonly fence: Fence;
}

/** Carries one action out through the order router: the step's intent has a key of its own, so that whoever repeats it sends nothing twice. */
export async function perform(acting: Acting, protection: Protection, action: ProtectionAction): Promise<Performed> {
  const { ports, account, fence } = acting;
  if (await leaseLost(ports, fence) !== undefined) return { kind: 'leaseLost' };
  switch (action.kind) {
    case 'place': return placeStep(acting, protection, action.step);
    case 'cancel': {
      await cancelOrder(ports, account, originOf(protection), await targetOf(acting, protection, 'cancel', action.orderId));
      return reportOf(acting, protection, action.step);
    }
    case 'move': {
      const { triggerPrice, ...terms } = stopTerms(acting.instrument, action.triggerPrice, closingAction(protection));
      const change = { triggerPrice, quantity: action.quantity, ...(terms.limitPrice === undefined ? {} : { limitPrice: terms.limitPrice }) };
      const changed = await modifyOrder(ports, account, originOf(protection), await targetOf(acting, protection, 'modify', action.orderId, `${action.quantity}@${fromMoney(triggerPrice)}`), change);
      return reportOf(acting, protection, action.step, { unmoved: (changed.kind === 'refused' && !PASSING.has(changed.denial.code)) || await isMoveLost(ports, action.orderId) });
    }
  }
}

/** The same wish of the same protection meets the same change of the order, for as long as its outcome is open. */
async function targetOf({ ports }: Acting, protection: Protection, kind: ChangeKind, orderId: string, wish?: string): Promise<OrderTarget> {
  const step = await stepOf(ports, kind, originOf(protection), orderId, wish);
  return { kind: 'order', orderId, ...(step === undefined ? {} : { step }) };
}

/** A move whose outcome nobody knows for longer is taken for lost: the stop is taken back, and another one rests. */
const MOVE_LOST_MS = 10 * SECOND_MS;

async function isMoveLost({ store, clock }: ProtectionPorts, orderId: string): Promise<boolean> {
  return (await store.changes.ofOrder(orderId)).some((change) => change.kind === 'modify' && isOpenChange(change) && clock.now() - change.recordedAt >= MOVE_LOST_MS);
}

/** Refusals of a move that say nothing against the next one. */
const PASSING: ReadonlySet<DenialCode> = new Set<DenialCode>(['RATE_LIMITED', 'TOO_MANY_REQUESTS', 'NOT_READY', 'BROKER_PAUSED', 'SESSION_EXPIRED', 'WRONG_SECRET', 'OUTCOME_UNKNOWN', 'NOT_FOUND']);

/** An exit first takes back what rests in its way. While nothing of the position can be freed the step waits: no order, and no attempt that counts. */
async function placeStep(acting: Acting, protection: Protection, step: ProtectionStep): Promise<Performed> {
  const { ports, account, fence } = acting;
  const request = await requestOf(acting, protection, step);
  const isNew = step.purpose !== 'hold' && (await ports.store.order(stepOrderId(protection, step.step))) === undefined;
  if (isNew) {
    const { denial, ...room } = await makeRoom(ports, account, originOf(protection), { ...request, fence }, request.size.action);
    if (denial?.code === 'LEASE_LOST') return { kind: 'leaseLost' };
    if (denial !== undefined) return ended(step, denial);
    if (room.held > 0 && room.free === 0) {
      await tellIfStuck(acting, protection, step, room);
      return { kind: 'nothing' };
    }
  }
  const result = await place(ports, account, originOf(protection), { ...request, fence });
  if (result.kind === 'satisfied') return ended(step, { code: 'NO_POSITION', message: 'Nothing is left to close.' });
  if (result.kind === 'refused' && result.order === undefined) return result.denial.code === 'LEASE_LOST' ? { kind: 'leaseLost' } : ended(step, result.denial);
  return reportOf(acting, protection, step.step);
}

async function tellIfStuck({ ports }: Acting, protection: Protection, { step, wantedAt, quantity }: ProtectionStep, { resting, working }: Room): Promise<void> {
  const [keeper] = [...resting, ...working];
  if (keeper === undefined || ports.clock.now() - wantedAt < STUCK_MS) return;
  await alarm(ports, {
    ...aboutOrder(keeper), key: `protection ${protection.id} step ${step} waits`, kind: 'protectionFailed',
    message: `An exit of ${quantity} ${protection.instrument} waits: order ${keeper.id} (${keeper.status}) keeps the units, and its end is not proven. Look into the order book of your broker.`,
  });
}

function ended({ step, filled }: ProtectionStep, denial: Denial): Performed {
  return { kind: 'report', report: { step, state: 'ENDED', filled, denial } };
}

type ExitRequest = OrderRequest & { readonly size: { readonly action: Action } };

/**
 * Exits close what the strategy still holds in the protected direction, at market or, where earlier ones rested, by a limit a few steps further through it; the admission caps them.
 * To the router every step is an exit, whatever its role in the protection.
 */
async function requestOf({ ports, instrument }: Acting, protection: Protection, { step, purpose: role, quantity, triggerPrice, rung }: ProtectionStep): Promise<ExitRequest> {
  const action = role === 'excess' ? openingAction(protection) : closingAction(protection);
  const terms = triggerPrice === undefined ? await exitTerms(ports, instrument, action, rung) : stopTerms(instrument, triggerPrice, action);
  return { instrument, leg: step, purpose: 'exit', product: protection.product, size: { kind: 'exit', quantity, action }, ...terms };
}
