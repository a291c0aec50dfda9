import { clockDifference } from '../adapters/system/serverClock';
import type { Clock } from '../domain/ports';
import { indiaDate, marketOf, type TradingCalendar } from '../domain/session';
import { SECOND_MS } from '../domain/time';
import { failed, good, warning, type Check } from './check';

const SKEW_WARNED_MS = 2 * SECOND_MS;
/** Signals count as stale, and tokens as over, by times like these. */
const SKEW_FAILED_MS = 30 * SECOND_MS;

/** This machine's clock against the server's. What the measurement leaves open counts in the clock's favour. */
export async function clockCheck(url: string, clock: Clock): Promise<Check> {
  const difference = await clockDifference(url, clock);
  if (difference === undefined) return warning('clock', 'The server does not say what time it has.', 'See that this machine keeps its time by NTP.');
  const { aheadMs, doubtMs } = difference;
  const certainMs = Math.max(0, Math.abs(aheadMs) - doubtMs);
  const words = `This machine's clock is ${certainMs < SECOND_MS ? 'with' : `${Math.round(certainMs / SECOND_MS)} s ${aheadMs > 0 ? 'behind' : 'ahead of'}`} the server's.`;
  const remedy = 'Let this machine keep its time by NTP (timedatectl set-ntp true).';
  if (certainMs >= SKEW_FAILED_MS) return failed('clock', { message: words, remedy });
  return certainMs >= SKEW_WARNED_MS ? warning('clock', words, remedy) : good('clock', words);
}

/** Whether the calendar knows today, for the markets that are traded most. */
export function calendarCheck(calendar: TradingCalendar, clock: Clock): Check {
  const date = indiaDate(clock.now());
  const days = (['NSE', 'NFO', 'MCX'] as const).map((exchange) => ({ exchange, day: calendar.day(marketOf(exchange), date) }));
  const unknown = days.filter(({ day }) => day.kind === 'unknown').map(({ exchange }) => exchange);
  if (unknown.length > 0) return failed('calendar', { message: `The calendar does not know ${date} (${unknown.join(', ')}): the market counts as closed.`, remedy: 'Update Bellwether, or add the day to calendar.json in the state folder.' });
  return good('calendar', `${date}: ${days.map(({ exchange, day }) => `${exchange} ${day.kind === 'open' ? 'trades' : 'is closed'}`).join(', ')}.`);
}
