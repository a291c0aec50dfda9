import type { Candle } from '../../../domain/candle/candle';
import { deny, ok } from '../../../domain/denial';
import type { History } from '../../../domain/feed';
import { fromMoney } from '../../../domain/money';
import type { Instrument } from '../../../domain/market';
import type { Clock, Instruments } from '../../../domain/ports';
import type { TradingCalendar } from '../../../domain/session';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../../domain/time';
import { simulatedTick } from './simulatedTick';

export interface SimulatedHistoryOptions {
  readonly clock: Clock;
  readonly instruments: Instruments;
  /** The seed of the market whose past it is. */
  readonly seed: number;
  /** When its market was open. */
  readonly calendar: Pick<TradingCalendar, 'sessionAt'>;
}

/** A minute of the past is looked at this often: the course is smooth enough, and a warm-up takes thousands of minutes. */
const LOOK_MS = 10 * SECOND_MS;
const LOOKS = MINUTE_MS / LOOK_MS;
/** Minutes that are looked through at most for one answer, open or not. */
const LONGEST_LOOK_BACK_MINUTES = 60 * 24 * 60;

/** The past of the simulated market: its course depends on nothing but the time, so that what nobody watched can still be told. */
export function simulatedHistory({ clock, instruments, seed, calendar }: SimulatedHistoryOptions): History {
  return {
    candles({ instrument: key, timeframe, from, until, limit }) {
      const instrument = instruments.find(key);
      if (instrument === undefined) return Promise.resolve(deny('UNKNOWN_SYMBOL', `${key} is not known.`, { field: 'symbol' }));
      if (timeframe !== '1m') return Promise.resolve(deny('NOT_SUPPORTED', 'The simulated market keeps minutes only.'));
      const candles: Candle[] = [];
      const end = Math.floor(Math.min(until, clock.now()) / MINUTE_MS) * MINUTE_MS;
      for (let step = 1; step <= LONGEST_LOOK_BACK_MINUTES && candles.length < limit; step += 1) {
        const time = end - step * MINUTE_MS;
        if (time < from) break;
        if (calendar.sessionAt(instrument, time) !== undefined) candles.push(minuteOf(instrument, time, seed));
      }
      return Promise.resolve(ok(candles.reverse()));
    },
  };
}

function minuteOf(instrument: Instrument, time: EpochMs, seed: number): Candle {
  const ticks = Array.from({ length: LOOKS + 1 }, (_, look) => simulatedTick(instrument, Math.min(time + look * LOOK_MS, time + MINUTE_MS - 1), seed));
  const prices = ticks.map(({ last }) => fromMoney(last));
  const volume = (ticks.at(-1)?.dayVolume ?? 0) - (ticks[0]?.dayVolume ?? 0);
  return { time, open: prices[0] ?? NaN, high: Math.max(...prices), low: Math.min(...prices), close: prices.at(-1) ?? NaN, volume: Math.max(0, volume), closed: true };
}
