import { higherCandlesOf, slotsOf, type Candle } from '../../runtime/domain/candle';
import { deny, ok } from '../../runtime/domain/denial';
import type { CandleStore, History, SeenCandle } from '../../runtime/domain/feed';
import { instrumentKey, type Instrument } from '../../runtime/domain/market';
import { toMoney } from '../../runtime/domain/money';
import { createTradingCalendar, indiaTime } from '../../runtime/domain/session';
import { MINUTE_MS, type EpochMs } from '../../runtime/domain/time';
import { createCandleBook, type CandleBookOptions } from '../../runtime/services/candles';
import { feedDouble } from './feedDouble';
import { manualTime } from './manualTime';

export const NIFTY: Instrument = { key: instrumentKey('NSE_INDEX', 'NIFTY'), exchange: 'NSE_INDEX', symbol: 'NIFTY', segment: 'index', base: 'NIFTY', lotSize: 1 };
export const DATE = '2025-06-16';
export const calendar = createTradingCalendar();

export const at = (time: string, second = 0, date = DATE): EpochMs => indiaTime(date, time) + second * 1_000;
/** `09:15` in India. */
export const clockText = (time: EpochMs): string => new Date(time + 330 * MINUTE_MS).toISOString().slice(11, 16);
/** `09:15 open high low close volume`, `!` behind an incomplete one, `~` behind one that forms. */
export const candleText = ({ candle, incomplete }: SeenCandle): string => `${clockText(candle.time)} ${[candle.open, candle.high, candle.low, candle.close, candle.volume].join(' ')}${incomplete ? '!' : ''}${candle.closed ? '' : '~'}`;

/** The minute's candle of a market that does the same every day: known before it happens, so that tests can say what is right. */
export function minuteAt(time: EpochMs): Candle {
  const step = Math.floor(time / MINUTE_MS);
  const open = 100 + ((step * 7) % 31);
  const close = 100 + ((step * 13) % 29);
  return { time, open, close, high: Math.max(open, close) + (step % 3), low: Math.min(open, close) - (step % 4), volume: 100 + (step % 10), closed: true };
}

/** The made-up market's minutes of a session of NSE, up to `until`. */
export function minutesOf(date: string, until = '15:30', from = '09:15'): readonly Candle[] {
  const day = calendar.day(NIFTY, date);
  if (day.kind !== 'open') return [];
  const count = (indiaTime(date, until) - indiaTime(date, from)) / MINUTE_MS;
  return Array.from({ length: count }, (_, index) => minuteAt(indiaTime(date, from) + index * MINUTE_MS));
}

/** What the candles of a timeframe are that these minutes make, as texts. */
export function truth(timeframe: string, minutes: readonly Candle[], until = Infinity): readonly string[] {
  const seen = minutes.map((candle): SeenCandle => ({ candle, until: candle.time + MINUTE_MS, incomplete: false }));
  return higherCandlesOf(seen, slotsOf(calendar, NIFTY, timeframe), until).map(candleText);
}

export interface ScriptedHistory extends History {
  /** What it has; may be changed. */
  candles1m: readonly Candle[];
  candles1d: readonly Candle[] | undefined;
  /** How it answers; `hang` never does. */
  mood: 'answer' | 'deny' | 'throw' | 'hang';
  readonly asked: { readonly timeframe: string; readonly from: string; readonly until: string }[];
}

export function scriptedHistory(candles1m: readonly Candle[] = []): ScriptedHistory {
  const history: ScriptedHistory = {
    candles1m, candles1d: undefined, mood: 'answer', asked: [],
    async candles({ timeframe, from, until, limit }) {
      history.asked.push({ timeframe, from: clockText(from), until: clockText(until) });
      if (history.mood === 'hang') await new Promise(() => undefined);
      if (history.mood === 'throw') throw new Error('no route');
      const candles = timeframe === '1m' ? history.candles1m : history.candles1d;
      if (history.mood === 'deny' || candles === undefined) return deny('NOT_SUPPORTED', 'no candles');
      return ok(candles.filter(({ time }) => time >= from && time < until).slice(-limit));
    },
  };
  return history;
}

/** A candle book at `now` with a feed, a history and a time of its own. */
export function candleWorld({ now = at('09:00'), history = scriptedHistory(), ...options }: { readonly now?: EpochMs; readonly history?: ScriptedHistory } & Partial<Pick<CandleBookOptions, 'limits' | 'store' | 'atTime'>> = {}) {
  const time = manualTime(now);
  const feed = feedDouble();
  const logged: string[] = [];
  const write = (_fields: object, message: string): void => void logged.push(message);
  const book = createCandleBook({ feed, calendar, history, clock: time.clock, pause: time.pause, log: { debug: write, info: write, warn: write, error: write }, ...options });
  let dayVolume = 0;
  /** A tick now. */
  const tick = (price: number, units = 0): Promise<void> => feed.tick({ instrument: NIFTY.key, last: toMoney(price), at: time.clock.now(), ...(units === 0 ? {} : { dayVolume: (dayVolume += units) }) });
  /** The made-up market's minute, second by second, as four ticks; the clock stands at its end afterwards. */
  const playMinute = async (): Promise<void> => {
    const candle = minuteAt(time.clock.now());
    const prices = candle.close >= candle.open ? [candle.open, candle.low, candle.high, candle.close] : [candle.open, candle.high, candle.low, candle.close];
    for (const [index, price] of prices.entries()) {
      await feed.tick({ instrument: NIFTY.key, last: toMoney(price), at: time.clock.now(), lastQuantity: index === 3 ? candle.volume : 0 });
      await time.pass(15_000);
    }
  };
  const play = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) await playMinute();
  };
  const watched = (timeframe: string): string[] => {
    const seen: string[] = [];
    book.watch({ instrument: NIFTY, timeframe }, (each) => void seen.push(candleText(each)));
    return seen;
  };
  const closed = async (timeframe: string, limit: number, asOf?: EpochMs): Promise<readonly string[]> => {
    const found = await book.closed({ instrument: NIFTY, timeframe }, { limit, ...(asOf === undefined ? {} : { asOf }) });
    if (!found.ok) throw new Error(found.denial.message);
    return found.value.map(candleText);
  };
  return { time, feed, book, history, logged, tick, play, playMinute, watched, closed };
}

/** A store that keeps what is put into it. */
export function storeDouble(): Pick<CandleStore, 'candles' | 'put'> & { readonly held: Candle[]; fails: boolean } {
  const store = {
    held: [] as Candle[], fails: false,
    put: (_instrument: unknown, _timeframe: unknown, candles: readonly Candle[]) => {
      if (store.fails) return Promise.reject(new Error('disk full'));
      store.held.push(...candles);
      return Promise.resolve();
    },
    candles: ({ timeframe, from, until }: Parameters<CandleStore['candles']>[0]) => Promise.resolve(timeframe === '1m' ? ok(store.held.filter(({ time }) => time >= from && time < until)) : deny('NOT_FOUND', 'none')),
  };
  return store;
}
