import { z } from 'zod';
import { AccountConfig } from '../../domain/account';
import { ACCOUNT_EVENT_KINDS } from '../../domain/accountEvent';
import { Denial } from '../../domain/denial';
import { DifferenceKind, ResolvedAs } from '../../domain/ledger/difference';
import type { InstrumentKey } from '../../domain/market';
import { ProtectionHolder } from '../../domain/arming';
import { asMoney } from '../../domain/money';
import { ChangeKind, ChangeStatus } from '../../domain/orderChange';
import { Action, AddedTerms, IntentStatus, OrderStatus, OrderType, Product, Purpose } from '../../domain/order';
import { Protection, ProtectionStatus } from '../../domain/protection';
import { BudgetState } from '../../domain/rateLimit/budget';

/**
 * The rows of every table, as they are written (`z.input`) and as they are after a check (`z.output`).
 * Names are camelCase here and snake_case in SQL; an absent value is NULL. A row that does not parse is damage, never a guess.
 */
const at = z.int();
const quantity = z.int();
const count = z.int().nonnegative();
const text = z.string();
const optionalText = z.string().exactOptional();
const money = z.int().transform(asMoney);
const flag = z.literal([0, 1]).transform((value) => value === 1);
const instrument = z.custom<InstrumentKey>((value) => typeof value === 'string' && /^[A-Z_]+:.+$/.test(value), 'not an instrument key');

/** JSON kept as text. */
function json<T extends z.ZodType>(schema: T) {
  return z.string().transform((value, context): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  }).pipe(schema);
}

const times = { happenedAt: at, recordedAt: at };
const origin = { account: text, strategyId: text, nodeKey: text, signalId: text };
const SignalState = z.enum(['RECEIVED', 'DELIVERED', 'DONE', 'FAILED']);
const AlertState = z.enum(['PENDING', 'SENT', 'FAILED', 'SUPPRESSED']);
const order = { instrument, purpose: Purpose, action: Action, product: Product, orderType: OrderType, limitPrice: money.exactOptional(), triggerPrice: money.exactOptional() };

export const SignalRow = z.object({
  signalId: text, nodeKey: text, dedupeKey: text, strategyId: text, source: text,
  item: json(z.record(z.string(), z.unknown())), receiptId: text, status: SignalState, attempts: count,
  owner: optionalText, leaseUntil: at.exactOptional(), reason: optionalText, ...times,
});
export const SignalEventRow = z.object({ nodeKey: text, signalId: text, status: SignalState, owner: optionalText, reason: optionalText, ...times });

/** `size` is the wish as it was asked for; `quantity` what was decided, which for a refused wish may be no whole number. */
export const IntentRow = z.object({
  key: text, orderId: optionalText, ...origin, leg: count, ...order, size: json(z.unknown()), quantity: z.number(),
  status: IntentStatus, denial: json(Denial).exactOptional(), added: json(AddedTerms).exactOptional(), ...times,
});

/** `filledValue` is the sum of price × quantity of the fills; `recordedAt` when the order was journalled, `updatedAt` its last change. */
export const OrderRow = z.object({
  id: text, intentKey: text, brokerOrderId: optionalText, ...origin, ...order, quantity: quantity.positive(), filledQuantity: count, filledValue: money,
  status: OrderStatus, denial: json(Denial).exactOptional(), ...times, updatedAt: at,
});
export const OrderEventRow = z.object({ orderId: text, fromStatus: OrderStatus.exactOptional(), toStatus: OrderStatus, applied: flag, detail: optionalText, ...times });
export const FillRow = z.object({ orderId: text, tradeId: text, quantity: quantity.positive(), price: money, charges: money, ...times });

/** A change of a resting order: the terms it had, and those that are wished. */
export const ChangeRow = z.object({
  key: text, kind: ChangeKind, orderId: text, ...origin, quantity: quantity.positive(), limitPrice: money.exactOptional(), triggerPrice: money.exactOptional(),
  wishedQuantity: quantity.positive(), wishedLimitPrice: money.exactOptional(), wishedTriggerPrice: money.exactOptional(),
  status: ChangeStatus, denial: json(Denial).exactOptional(), ...times, updatedAt: at,
});

export const PositionRow = z.object({
  account: text, strategyId: text, instrument, product: Product,
  quantity, openValue: money, realisedPnl: money, charges: money, carriedOn: z.iso.date().exactOptional(), carriedAt: money.exactOptional(),
  adoptedQuantity: quantity.exactOptional(), adoptedValue: money.exactOptional(), ...times,
});
export const LockRow = z.object({ account: text, name: text, owner: text, until: at, reason: optionalText, ...times });

export const RiskRow = z.object({
  account: text, killSwitch: flag, flatten: flag.exactOptional(), killedAt: at.exactOptional(), lossLatchedAt: at.exactOptional(),
  tradingDay: z.iso.date().exactOptional(), ordersToday: count, realisedToday: money, carriedToday: money.exactOptional(), ...times,
});
/** Everything else that changes what an account may do: switch, latch, days, locks, fills beyond an order's quantity. */
export const RiskEventKind = z.enum(['KILL_SWITCH_ON', 'KILL_SWITCH_OFF', 'LOSS_LATCHED', 'REARMED', 'DAY_ROLLED', 'LOCK_ACQUIRED', 'LOCK_RELEASED', 'OVERFILL', 'BROKER_ID_CONFLICT']);
export type RiskEventKind = z.infer<typeof RiskEventKind>;
export const RiskEventRow = z.object({ account: text, kind: RiskEventKind, detail: optionalText, ...times });

export const AccountRow = z.object({ id: text, config: json(AccountConfig), ...times });
export const AccountEventRow = z.object({ account: text, config: json(AccountConfig), ...times });

export const AlertRow = z.object({
  key: text, strategyId: text, nodeKey: text, signalId: optionalText, severity: z.enum(['info', 'warning', 'critical']), message: text,
  channels: json(z.array(text)), status: AlertState, reason: optionalText, ...times,
});
export const AlertEventRow = z.object({ key: text, status: AlertState, reason: optionalText, ...times });

const EventKind = z.enum(ACCOUNT_EVENT_KINDS);
export const EventRow = z.object({
  key: text, account: text, kind: EventKind, strategyId: optionalText, instrument: instrument.exactOptional(), orderId: optionalText, signalId: optionalText,
  denial: json(Denial).exactOptional(), message: text, facts: json(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))), ...times,
});
/** A reader has handled every event up to `position`. */
export const EventReaderRow = z.object({ reader: text, position: count, ...times });
/** An event of an order's own life, as the order's row completes it: how far it was filled then, and the reason that came with it. */
export const OrderNewsRow = z.object({ account: text, kind: EventKind, orderId: text, filledQuantity: count, filledValue: money, denial: json(Denial).exactOptional(), ...times });

/** A released lease has no owner. */
export const LeaseRow = z.object({ name: text, token: quantity.positive(), owner: optionalText, until: at, ...times });
export const ArmingRow = z.object({
  account: text, kind: z.enum(['armed', 'disarmed']), client: text, by: text, protection: json(ProtectionHolder).exactOptional(), reason: optionalText, ...times,
});
export const BudgetRow = z.object({ name: text, state: json(BudgetState), ...times });

/** `body` is the whole state; the other columns are what it is looked for by. */
export const ProtectionRow = z.object({
  id: text, account: text, strategyId: text, instrument, entryOrderId: optionalText, status: ProtectionStatus, body: json(Protection), ...times,
});
export const ProtectionEventRow = z.object({ protectionId: text, status: ProtectionStatus, kind: z.enum([...ACCOUNT_EVENT_KINDS, 'changed']), message: text, ...times });

export const DifferenceRow = z.object({
  account: text, key: text, kind: DifferenceKind, mark: text, instrument: instrument.exactOptional(), product: Product.exactOptional(), orderId: optionalText, brokerOrderId: optionalText,
  brokerSays: text, journalSays: text, gap: quantity.exactOptional(), price: money.exactOptional(), seenAt: at,
  resolvedAs: ResolvedAs.exactOptional(), resolvedBy: optionalText, reason: optionalText, resolvedAt: at.exactOptional(), ...times,
});
/** An order at the broker that no flow placed, with what of it is booked. */
export const ExternalOrderRow = z.object({
  account: text, brokerOrderId: text, day: z.iso.date(), instrument, product: Product, action: Action, quantity: quantity.positive(),
  filledQuantity: count, filledValue: money, status: OrderStatus, ...times,
});
/** One strategy's share of a trade that no flow made. */
export const ExternalFillRow = z.object({ account: text, strategyId: text, instrument, product: Product, action: Action, quantity: quantity.positive(), price: money, charges: money, source: text, ...times });
/** An entry that counts towards its group's maximum. `readyAt`: since when a return of the price counts; `endedAt`: nobody waits for it any more. */
export const GroupEntryRow = z.object({
  orderId: text, ...origin, instrument, product: Product, action: Action, day: z.iso.date(), entryGroup: text, maximum: count, cooldownMs: count, atCost: flag,
  readyAt: at.exactOptional(), earlyAt: at.exactOptional(), endedAt: at.exactOptional(), outcome: optionalText, ...times,
});

export const ApprovalRow = z.object({
  id: text, token: text, account: optionalText, strategyId: text, nodeKey: text, signalId: text, item: json(z.record(z.string(), z.unknown())), question: text, price: z.number(), expiresAt: at,
  verdict: z.enum(['approved', 'declined', 'expired']).exactOptional(), answeredAt: at.exactOptional(), answeredBy: optionalText, toldAt: at.exactOptional(), ...times,
});

/** `seq` numbers rows in the order of their writing: clocks may step back, it does not. */
type Numbered<T extends z.ZodType> = z.input<T> & { readonly seq: number };

/** The tables as the query builder sees them. */
export interface Tables {
  signals: Numbered<typeof SignalRow>;
  signalEvents: Numbered<typeof SignalEventRow>;
  intents: Numbered<typeof IntentRow>;
  orders: Numbered<typeof OrderRow>;
  orderEvents: Numbered<typeof OrderEventRow>;
  fills: Numbered<typeof FillRow>;
  orderChanges: Numbered<typeof ChangeRow>;
  positions: z.input<typeof PositionRow>;
  locks: z.input<typeof LockRow>;
  riskState: z.input<typeof RiskRow>;
  riskEvents: Numbered<typeof RiskEventRow>;
  accounts: z.input<typeof AccountRow>;
  accountEvents: Numbered<typeof AccountEventRow>;
  alerts: Numbered<typeof AlertRow>;
  alertEvents: Numbered<typeof AlertEventRow>;
  leases: z.input<typeof LeaseRow>;
  arming: Numbered<typeof ArmingRow>;
  budgets: z.input<typeof BudgetRow>;
  eventReaders: z.input<typeof EventReaderRow>;
  events: Numbered<typeof EventRow> & Pick<z.input<typeof OrderNewsRow>, 'filledQuantity' | 'filledValue'>;
  differences: Numbered<typeof DifferenceRow>;
  externalOrders: Numbered<typeof ExternalOrderRow>;
  externalFills: Numbered<typeof ExternalFillRow>;
  protections: Numbered<typeof ProtectionRow>;
  protectionEvents: Numbered<typeof ProtectionEventRow>;
  groupEntries: Numbered<typeof GroupEntryRow>;
  approvals: Numbered<typeof ApprovalRow>;
}
