import type { Exchange, Segment } from '../market';
import { asMoney, MONEY_SCALE, timesQuantity, ZERO_MONEY, type Money } from '../money';
import type { Action, Product } from '../order';
import { indiaDate } from '../session/days';
import type { EpochMs } from '../time';
import { GST_PERCENT, RATE_SETS, SEBI_PER_CRORE, type ChargeClass, type Tariff } from './rates';

/** One side of a trade: a whole order, or all of it that is filled. Quantity in units, price the average of its fills. */
export interface ChargeRequest {
  readonly segment: Segment;
  readonly product: Product;
  readonly exchange: Exchange;
  readonly action: Action;
  readonly quantity: number;
  readonly price: Money;
  readonly at: EpochMs;
}

/** Parts to 1/10000 rupee (STT and stamp to the rupee); `total` is their sum to the paisa, as a contract note bills it. */
export interface Charges {
  readonly brokerage: Money;
  readonly stt: Money;
  readonly transaction: Money;
  readonly sebi: Money;
  readonly stamp: Money;
  readonly gst: Money;
  readonly total: Money;
}

const CRORE = 10_000_000n;
const PAISA = MONEY_SCALE / 100;

/**
 * What one side of a trade costs at a discount broker, by the rates of its day (no depository fee).
 * Brokerage is capped per order: for an order filled in parts, charge the order so far and subtract what was charged before.
 */
export function chargesOf(request: ChargeRequest): Charges {
  const tariff = tariffOf(request);
  const turnover = timesQuantity(request.price, request.quantity);
  const buys = request.action === 'BUY';
  const brokerage = turnover === 0 ? ZERO_MONEY : brokerageOf(tariff, turnover);
  const stt = toMultiple(perCrore(turnover, buys ? tariff.sttBuy : tariff.sttSell), MONEY_SCALE);
  const transaction = perCrore(turnover, isBse(request.exchange) ? tariff.transactionBse : tariff.transactionNse);
  const sebi = perCrore(turnover, SEBI_PER_CRORE);
  const stamp = buys ? toMultiple(perCrore(turnover, tariff.stampBuy), MONEY_SCALE) : ZERO_MONEY;
  const gst = asMoney(Math.round(((brokerage + transaction + sebi) * GST_PERCENT) / 100));
  const total = toMultiple(asMoney(brokerage + stt + transaction + sebi + stamp + gst), PAISA);
  return { brokerage, stt, transaction, sebi, stamp, gst, total };
}

function tariffOf(request: ChargeRequest): Tariff {
  const date = indiaDate(request.at);
  const set = RATE_SETS.findLast((rates) => rates.from <= date) ?? RATE_SETS[0];
  return set.tariffs[classOf(request)];
}

function classOf({ segment, product, exchange }: ChargeRequest): ChargeClass {
  if (segment === 'index') throw new RangeError('An index is quoted, not traded: it has no charges');
  if (segment === 'cash') return product === 'MIS' ? 'intraday' : 'delivery';
  const derivative = segment;
  if (exchange === 'MCX') return derivative === 'future' ? 'commodityFuture' : 'commodityOption';
  if (exchange === 'CDS' || exchange === 'BCD') return derivative === 'future' ? 'currencyFuture' : 'currencyOption';
  return derivative;
}

function isBse(exchange: Exchange): boolean {
  return exchange === 'BSE' || exchange === 'BFO' || exchange === 'BCD';
}

function brokerageOf({ brokerage }: Tariff, turnover: Money): Money {
  const cap = brokerage.capRupees * MONEY_SCALE;
  return asMoney(brokerage.perCrore === undefined ? cap : Math.min(cap, perCrore(turnover, brokerage.perCrore)));
}

/** Exact before it is rounded to the nearest money unit: turnover times rate leaves the safe integers. */
function perCrore(turnover: Money, rupees: number): Money {
  return asMoney(Number((BigInt(turnover) * BigInt(rupees) + CRORE / 2n) / CRORE));
}

/** The multiple of `step` nearest to an amount that is not negative; halves go up. */
function toMultiple(amount: Money, step: number): Money {
  return asMoney(Math.floor((amount + step / 2) / step) * step);
}
