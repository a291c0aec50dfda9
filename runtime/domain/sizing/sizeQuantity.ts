import { plainNumber } from '../plainNumber';
import { deny, ok, type Outcome } from '../denial';
import { fromMoney, type Money } from '../money';

/** Which rule decided. */
export type SizingRule = 'quantity' | 'sizePercent' | 'riskAmount' | 'riskAtr' | 'defaultQuantity';

/**
 * Everything a size can be made of. The first rule whose input is present decides, in this order:
 * `quantity`; `sizePercent`; `riskAmount` with a stop distance; `defaultQuantity`.
 */
export interface SizingRequest {
  /** Units wanted. */
  readonly quantity?: number;
  /** Percent of `available` to use, above 0 and at most 100. Needs `available` and `marginPerUnit`. */
  readonly sizePercent?: number;
  /** Loss accepted when the stop is hit. Needs `entryPrice` and `stopLoss`, or `atr`. */
  readonly riskAmount?: Money;
  readonly entryPrice?: Money;
  readonly stopLoss?: Money;
  /** Average true range (14, Wilder) as a price distance; used where there is no `stopLoss`. */
  readonly atr?: Money;
  /** Stop distance in average true ranges. Default 2. */
  readonly atrMultiple?: number;
  /** Money that one unit makes per rupee of price movement. Default 1. */
  readonly pointValue?: number;
  readonly defaultQuantity?: number;
  /** Free margin of the account; only a percent size asks for it. */
  readonly available?: Money;
  /** Margin that one unit blocks; absent without a price. */
  readonly marginPerUnit?: Money;
  readonly lotSize: number;
}

export interface Sized {
  /** Units, a positive multiple of the lot. */
  readonly quantity: number;
  readonly rule: SizingRule;
}

const DEFAULT_ATR_MULTIPLE = 2;

/** Percentages count in millionths of a percent, so that budgets are whole numbers. */
const PERCENT_SCALE = 1_000_000;

/**
 * How many units to trade, floored to the lot: never more than the rule allows.
 * Denies QUANTITY_ZERO (with what was short), QUANTITY_INVALID, INVALID_FIELD, NO_PRICE, NO_STOP_DISTANCE, or NO_SIZE when nothing says how much.
 * Throws where a percent size comes without `available`: the caller has to ask for it.
 */
export function sizeQuantity(request: SizingRequest): Outcome<Sized> {
  if (request.quantity !== undefined) return fixed(request, request.quantity, 'quantity');
  if (request.sizePercent !== undefined) return byPercent(request, request.sizePercent);
  if (request.riskAmount !== undefined && hasStop(request)) return byRisk(request, request.riskAmount);
  if (request.defaultQuantity !== undefined) return fixed(request, request.defaultQuantity, 'defaultQuantity');
  if (request.riskAmount !== undefined) return noStopDistance('A risk amount needs a stop price and an entry price.');
  return deny('NO_SIZE', 'Nothing says how much to trade.', {
    field: 'quantity', remedy: 'Give quantity, a percent size, or a risk amount with a stop loss, or set a default quantity in the node.',
  });
}

function fixed({ lotSize }: SizingRequest, quantity: number, rule: 'quantity' | 'defaultQuantity'): Outcome<Sized> {
  if (!Number.isFinite(quantity) || quantity < 0 || quantity > Number.MAX_SAFE_INTEGER) {
    return deny('QUANTITY_INVALID', 'The quantity must be a number of units above 0.', { field: rule, value: String(quantity) });
  }
  return toLots({ units: Math.floor(quantity), lotSize, rule, reason: `${plainNumber(quantity)} is less than one lot of ${lotSize}` });
}

function byPercent({ available, marginPerUnit, lotSize }: SizingRequest, percent: number): Outcome<Sized> {
  if (!(percent > 0 && percent <= 100)) {
    return deny('INVALID_FIELD', 'A percent size must be above 0 and at most 100.', { field: 'sizePercent', limit: 100, value: String(percent) });
  }
  if (available === undefined) throw new Error('A percent size was given no funds.');
  if (marginPerUnit === undefined || marginPerUnit <= 0) return deny('NO_PRICE', 'A percent size needs a price to work with.', { field: 'sizePercent' });
  const scaled = BigInt(Math.floor(percent * PERCENT_SCALE + PERCENT_SLACK));
  const budget = (BigInt(Math.max(available, 0)) * scaled) / BigInt(100 * PERCENT_SCALE);
  const reason = `${percent} % of ${plainNumber(fromMoney(available))} does not pay one lot of ${lotSize} at ${plainNumber(fromMoney(marginPerUnit))} a unit`;
  return toLots({ units: Number(budget / BigInt(marginPerUnit)), lotSize, rule: 'sizePercent', reason });
}

/** Takes the noise of a decimal such as 0.29 that binary can not hold; far below one millionth of a percent. */
const PERCENT_SLACK = 1e-6;

function hasStop({ entryPrice, stopLoss, atr }: SizingRequest): boolean {
  return (entryPrice !== undefined && stopLoss !== undefined) || atr !== undefined;
}

function byRisk(request: SizingRequest, riskAmount: Money): Outcome<Sized> {
  const { pointValue = 1, lotSize } = request;
  if (riskAmount <= 0) return deny('INVALID_FIELD', 'A risk amount must be above 0.', { field: 'riskAmount', value: fromMoney(riskAmount) });
  if (!(pointValue > 0)) return deny('INVALID_FIELD', 'The point value must be above 0.', { field: 'pointValue', value: String(pointValue) });
  const { distance, rule } = stopDistance(request);
  if (!(distance > 0)) return noStopDistance('The stop lies at the entry price: there is no distance to measure risk by.');
  const units = wholeUnits(riskAmount, distance * pointValue);
  const reason = `risking ${plainNumber(fromMoney(riskAmount))} over ${plainNumber(distance / 10_000)} a unit does not reach one lot of ${lotSize}`;
  return toLots({ units, lotSize, rule, reason });
}

function stopDistance({ entryPrice, stopLoss, atr = 0 as Money, atrMultiple = DEFAULT_ATR_MULTIPLE }: SizingRequest): { readonly distance: number; readonly rule: 'riskAmount' | 'riskAtr' } {
  if (entryPrice !== undefined && stopLoss !== undefined) return { distance: Math.abs(entryPrice - stopLoss), rule: 'riskAmount' };
  return { distance: atr * atrMultiple, rule: 'riskAtr' };
}

/** The most whole units whose risk stays within the amount, whatever the quotient's rounding said. */
function wholeUnits(riskAmount: number, riskPerUnit: number): number {
  const units = Math.floor(riskAmount / riskPerUnit);
  return units * riskPerUnit > riskAmount ? units - 1 : units;
}

function noStopDistance(message: string): Outcome<Sized> {
  return deny('NO_STOP_DISTANCE', message, { field: 'stopLoss', remedy: 'Give a stop loss away from the entry price, or a quantity.' });
}

function toLots({ units, lotSize, rule, reason }: { readonly units: number; readonly lotSize: number; readonly rule: SizingRule; readonly reason: string }): Outcome<Sized> {
  const quantity = Math.floor(units / lotSize) * lotSize;
  if (quantity === 0) return deny('QUANTITY_ZERO', `The size is zero: ${reason}.`, { field: rule, rule, limit: lotSize, value: units });
  if (!Number.isSafeInteger(quantity)) return deny('QUANTITY_INVALID', 'The size is too large to be a quantity.', { field: rule, rule, value: String(quantity) });
  return ok({ quantity, rule });
}
