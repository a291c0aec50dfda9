import { addDays, indiaDate, indiaTime, type TradingCalendar } from '../session';
import type { Instrument } from '../market';
import type { Position } from '../position';
import type { EpochMs } from '../time';
import type { PaperOrder } from './book';
import { fillsOf } from './fill';

/**
 * How many shares of a delivery position have arrived: all but what was bought, net of that day's sales, on a day after which no session has begun yet (T+1).
 * What has not arrived may be sold all the same. `orders` are the newest of the account, as far back as the last trading day.
 */
export function deliveredOf(calendar: Pick<TradingCalendar, 'sessionOnOrAfter'>, instrument: Instrument, { quantity, product }: Position, orders: readonly PaperOrder[], now: EpochMs): number {
  const fresh = orders.filter((order) => order.instrument === instrument.key && order.product === product).reduce((sum, order) => {
    const fills = fillsOf(order).filter(({ happenedAt }) => !hasArrived(calendar, instrument, happenedAt, now));
    return sum + (order.action === 'BUY' ? 1 : -1) * fills.reduce((units, fill) => units + fill.quantity, 0);
  }, 0);
  return Math.min(quantity, Math.max(0, quantity - fresh));
}

function hasArrived(calendar: Pick<TradingCalendar, 'sessionOnOrAfter'>, instrument: Instrument, boughtAt: EpochMs, now: EpochMs): boolean {
  const next = calendar.sessionOnOrAfter(instrument, indiaTime(addDays(indiaDate(boughtAt), 1), '00:00'));
  return next !== undefined && next.from <= now;
}
