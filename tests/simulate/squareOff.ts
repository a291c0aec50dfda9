import { squareOffAt } from '../../runtime/domain/safety';
import { createTradingCalendar } from '../../runtime/domain/session';
import type { EpochMs } from '../../runtime/domain/time';
import { configOf } from './accounts';
import type { Book } from './watch';
import { INSTRUMENTS } from './world';

export const CALENDAR = createTradingCalendar();

/** True from the moment on at which intraday positions of this kind are squared off. */
export function isSquaredOff({ account, instrument: key, product }: Pick<Book, 'account' | 'instrument' | 'product'>, now: EpochMs): boolean {
  const instrument = INSTRUMENTS.find((known) => known.key === key);
  const at = instrument === undefined ? undefined : squareOffAt(configOf(account, 0).safety, CALENDAR, instrument, product, now);
  return at !== undefined && now >= at;
}
