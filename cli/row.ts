import type { AccountEvent } from '../runtime/domain/accountEvent';
import type { Denial } from '../runtime/domain/denial';
import type { InstrumentKey } from '../runtime/domain/market';
import { fromMoney, type Money } from '../runtime/domain/money';
import type { Intent, Order } from '../runtime/domain/order';
import type { AlertRecord, HeldLock, InboxEntry, RiskStateRow } from '../runtime/domain/ports';
import { averagePrice, type Position } from '../runtime/domain/position';
import type { EpochMs } from '../runtime/domain/time';

/**
 * One row of every list, the same fields for all of them: null where a kind has no such thing.
 * Prices are rupees, quantities units (positions signed), `at` is epoch ms.
 */
export interface Row {
  readonly id: string;
  readonly intentKey: string | null;
  readonly signalId: string | null;
  readonly account: string | null;
  readonly flow: string | null;
  readonly exchange: string | null;
  readonly symbol: string | null;
  readonly action: string | null;
  readonly quantity: number | null;
  readonly filledQuantity: number | null;
  readonly averagePrice: number | null;
  readonly status: string;
  readonly reason: string | null;
  readonly at: EpochMs | null;
}

const EMPTY: Omit<Row, 'id' | 'status'> = {
  intentKey: null, signalId: null, account: null, flow: null, exchange: null, symbol: null, action: null,
  quantity: null, filledQuantity: null, averagePrice: null, reason: null, at: null,
};

export function orderRow(order: Order): Row {
  const { id, intentKey, signalId, account, action, quantity, filledQuantity, status } = order;
  return {
    id, intentKey, signalId, account, flow: order.strategyId, ...instrumentParts(order.instrument), action, quantity, filledQuantity,
    averagePrice: rupees(order.averagePrice), status, reason: reasonOf(order.denial), at: order.createdAt,
  };
}

export function intentRow(intent: Intent): Row {
  const { key, signalId, account, action, quantity, status } = intent;
  return {
    ...EMPTY, id: key, intentKey: key, signalId, account, flow: intent.strategyId, ...instrumentParts(intent.instrument), action, quantity,
    status, reason: reasonOf(intent.denial), at: intent.happenedAt,
  };
}

export function positionRow(position: Position): Row {
  const { account, strategyId, instrument, product, quantity } = position;
  return {
    ...EMPTY, id: `${account}/${strategyId}/${instrument}/${product}`, account, flow: strategyId, ...instrumentParts(instrument), quantity,
    averagePrice: rupees(averagePrice(position)), status: quantity === 0 ? 'FLAT' : 'OPEN', at: position.updatedAt,
  };
}

/** What the sender asked for stands in the item; whatever it lacks is null. */
export function signalRow(entry: InboxEntry): Row {
  const { item } = entry;
  return {
    ...EMPTY, id: entry.signalId, signalId: entry.signalId, flow: entry.strategyId, exchange: text(item.exchange), symbol: text(item.symbol),
    action: text(item.action), quantity: typeof item.quantity === 'number' ? item.quantity : null, status: entry.status, reason: entry.reason ?? null, at: entry.happenedAt,
  };
}

export function lockRow(lock: HeldLock): Row {
  return { ...EMPTY, id: lock.name, signalId: null, account: lock.account, status: 'HELD', reason: lock.reason ?? null, at: lock.acquiredAt };
}

export function alertRow(alert: AlertRecord): Row {
  return { ...EMPTY, id: alert.key, signalId: alert.signalId ?? null, flow: alert.strategyId, status: alert.status, reason: alert.reason ?? null, at: alert.happenedAt };
}

/** What happened stands as the reason, its kind as the status. */
export function eventRow({ key, account, kind, strategyId, instrument, signalId, message, happenedAt, facts }: AccountEvent): Row {
  const { action, quantity, filledQuantity } = facts;
  return {
    ...EMPTY, id: key, signalId: signalId ?? null, account, flow: strategyId ?? null, ...(instrument === undefined ? {} : instrumentParts(instrument)), action: text(action),
    quantity: typeof quantity === 'number' ? quantity : null, filledQuantity: typeof filledQuantity === 'number' ? filledQuantity : null, status: kind, reason: message, at: happenedAt,
  };
}

/** KILLED and LOSS_LATCHED stop entries until `rearm`; CLEAR is neither. Whether a live account is armed is another matter: `accounts` tells it. */
export function riskRow(risk: RiskStateRow): Row {
  const status = risk.killSwitch ? 'KILLED' : risk.lossLatchedAt === undefined ? 'CLEAR' : 'LOSS_LATCHED';
  return { ...EMPTY, id: risk.account, account: risk.account, status, at: risk.killedAt ?? risk.lossLatchedAt ?? null };
}

function instrumentParts(key: InstrumentKey): Pick<Row, 'exchange' | 'symbol'> {
  const colon = key.indexOf(':');
  return { exchange: key.slice(0, colon), symbol: key.slice(colon + 1) };
}

function rupees(amount: Money | undefined): number | null {
  return amount === undefined ? null : fromMoney(amount);
}

function reasonOf(denial: Denial | undefined): string | null {
  return denial === undefined ? null : `${denial.code}: ${denial.message}`;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
