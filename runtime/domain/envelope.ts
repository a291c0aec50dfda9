import { z } from 'zod';
import { Denial } from './denial';
import { Exchange } from './market';
import { ActionWord } from './direction';
import { Action, OrderStatus, OrderType, Product } from './order';
import { FlowLimits } from './risk';

/** The version of the envelope's shape. */
export const ENVELOPE_VERSION = 1;

/** What a trigger says about where an item came from. Set once, never changed by a node. Times are epoch ms, `price` is information only, in rupees. */
export const SignalInfo = z.object({
  id: z.string().min(1).max(200),
  source: z.string(),
  at: z.number().int(),
  price: z.number().positive().optional(),
  /** Scan, strategy or alert name the sender gave. */
  name: z.string().optional(),
  /** Not handed to a flow any more after this time; absent: for ever. */
  goodUntil: z.number().int().optional(),
  /** True for exchange-delayed data (`_DL`, `_DLY`): refused where money is real. */
  delayed: z.boolean().optional(),
});
export type SignalInfo = z.infer<typeof SignalInfo>;

/** The gate's verdict as it travels with the item. Limits only ever tighten what the account allows; the router applies them again. */
export const Decision = z.object({
  approved: z.boolean(),
  rule: z.string().optional(),
  limit: z.union([z.number(), z.string()]).optional(),
  value: z.union([z.number(), z.string()]).optional(),
  message: z.string().optional(),
  /** What a person should know of what was approved: a quantity that was cut to whole lots. */
  note: z.string().optional(),
  limits: FlowLimits.optional(),
});
export type Decision = z.infer<typeof Decision>;

/** An order as flows see it: prices in rupees, times epoch ms. */
export const OrderView = z.object({
  id: z.string(),
  intentKey: z.string(),
  status: OrderStatus,
  exchange: Exchange,
  symbol: z.string(),
  action: Action,
  quantity: z.number(),
  filledQuantity: z.number(),
  averagePrice: z.number().optional(),
  product: Product,
  orderType: OrderType,
  reason: z.string().optional(),
  duplicate: z.boolean().optional(),
  /** What a person should know of it: a quantity that was cut to whole lots. */
  note: z.string().optional(),
  /** The order in one line for people: `BUY 10 SBIN at 812.35: FILLED`, `BUY 65 NIFTY29DEC2626000CE waits at 500 (TRIGGER_PENDING)`. */
  text: z.string().optional(),
  at: z.number(),
});
export type OrderView = z.infer<typeof OrderView>;

/** A position as flows see it: money in rupees. */
export const PositionView = z.object({
  account: z.string(),
  strategyId: z.string(),
  exchange: Exchange,
  symbol: z.string(),
  product: Product,
  quantity: z.number(),
  averagePrice: z.number().optional(),
  lastPrice: z.number().optional(),
  realisedPnl: z.number(),
  unrealisedPnl: z.number().optional(),
  charges: z.number(),
});
export type PositionView = z.infer<typeof PositionView>;

/**
 * The candle that an item is about; nodes after it look at the market as it was known at `until`, however slow the flow is.
 * Prices in rupees; `time` is its start, `until` its end, both epoch ms.
 */
export const CandleView = z.looseObject({
  time: z.number().int(),
  until: z.number().int().optional(),
  /** `5m`, `1h`, `1d`. */
  timeframe: z.string().optional(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  /** False for a forming candle; nobody decides on one by accident. */
  closed: z.boolean().optional(),
  /** True when ticks of it were missed and nothing filled them in: no condition is judged on it. */
  incomplete: z.boolean().optional(),
});
export type CandleView = z.infer<typeof CandleView>;

/** How a condition came out: `result` may be unknown, and is never guessed. */
export const ConditionView = z.looseObject({
  /** The condition's canonical text. */
  text: z.string(),
  result: z.enum(['true', 'false', 'unknown']),
  /** One line for each comparison, with the values it used. */
  why: z.array(z.string()),
  /** What was not known: `rsi(14): no value yet`. */
  missing: z.array(z.string()),
});
export type ConditionView = z.infer<typeof ConditionView>;

/** What happened to an account, as a flow is told. `at` epoch ms; `facts` further values, prices in rupees. */
export const EventView = z.looseObject({
  /** `filled`, `stopHit`, `killSwitch`. */
  kind: z.string(),
  /** One sentence for people. */
  message: z.string(),
  at: z.number().int(),
  severity: z.enum(['info', 'warning', 'critical']),
  account: z.string(),
  /** Whose order or position it was; absent where it was about the account as a whole. */
  strategyId: z.string().optional(),
  /** The signal that led to the order. */
  signalId: z.string().optional(),
  denial: Denial.optional(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type EventView = z.infer<typeof EventView>;

/**
 * The one flat item that every node reads and extends: n8n's `json`, Node-RED's `msg.payload`.
 * Unknown keys pass through untouched. Prices are rupees, quantities units (not lots), `positionSize`/`targetQuantity` signed.
 */
export const Envelope = z.looseObject({
  v: z.literal(ENVELOPE_VERSION).optional(),
  signal: SignalInfo.optional(),
  exchange: Exchange.optional(),
  symbol: z.string().optional(),
  action: ActionWord.optional(),
  /** An `AllowedDirection`: which positions may be opened, as a gate before this node allows; absent: both. Read by `directionIn`: one that can not be read is refused, and not left out. */
  direction: z.unknown().optional(),
  quantity: z.number().optional(),
  product: Product.optional(),
  orderType: OrderType.optional(),
  limitPrice: z.number().optional(),
  triggerPrice: z.number().optional(),
  sizePercent: z.number().optional(),
  riskAmount: z.number().optional(),
  targetQuantity: z.number().optional(),
  stopLoss: z.number().optional(),
  target: z.number().optional(),
  message: z.string().optional(),
  candle: CandleView.optional(),
  /** Results by name, `null` while unknown; earlier values, newest first, in `previous`. By instrument (`NSE:SBIN`) where an item holds several. */
  indicators: z.record(z.string(), z.unknown()).optional(),
  /** Why a result is `null`, by name. */
  indicatorsMissing: z.record(z.string(), z.unknown()).optional(),
  condition: ConditionView.optional(),
  decision: Decision.optional(),
  order: OrderView.optional(),
  event: EventView.optional(),
  denial: Denial.optional(),
});
export type Envelope = z.infer<typeof Envelope>;
