import type { Instrument } from '../../../domain/market';
import { asMoney, type Money } from '../../../domain/money';

/** What is assumed of futures and sold options: more than exchanges ask of most of them, so that a size found with it is not refused. */
const FUTURES_PERCENT = 25;

/**
 * Margin of one unit for sizing, assumed because brokers tell margins per order only: shares and bought options their whole price, whatever the broker lends;
 * futures a quarter of their value.
 */
export function cautiousMargin({ segment }: Instrument, price: Money): Money {
  return segment === 'future' ? asMoney(Math.ceil((price * FUTURES_PERCENT) / 100)) : price;
}
