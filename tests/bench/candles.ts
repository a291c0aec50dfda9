import { batchCandlesJSON, batchTicksToCandle, type TradeTick } from 'candlestick-convert';
import { higherColumns, HigherCandles, MinuteBuilder, minutesOfTicks, slotsOf, type TickColumns } from '../../runtime/domain/candle';
import type { Tick } from '../../runtime/domain/feed';
import { instrumentKey } from '../../runtime/domain/market';
import { toMoney } from '../../runtime/domain/money';
import { createTradingCalendar } from '../../runtime/domain/session';
import { generator } from '../golden/randomBars';
import type { Bench } from './bench';
import { times, type Row } from './report';
import { median } from './statistics';

const TICKS = 1_000_000;
/** Ten a second, as a busy contract has. */
const EVERY_MS = 100;
const SESSION_MS = 375 * 60_000;
const MS_PER_SECOND = 1_000;
const MICROS_PER_MS = 1_000;
const TARGET = 5;
const OF = { exchange: 'NFO', base: 'NIFTY' } as const;

/** Ticks to candles of 1m, 5m and 15m, beside candlestick-convert at its best: ticks to 1m, that to the others. */
export function benchCandles(bench: Bench): Promise<readonly Row[]> {
  const columns = tickColumns();
  const ticks = Array.from({ length: TICKS }, (_, index): Tick => ({ instrument: instrumentKey('NFO', 'NIFTY26JUN25FUT'), at: columns.at[index] ?? 0, last: toMoney(columns.price[index] ?? 0), lastQuantity: columns.quantity[index] ?? 0 }));
  let trades: TradeTick[] = [];
  const ways = [
    { times: 8, prepare: () => columns, run: () => batch(columns) },
    { times: 1, prepare: () => ticks, run: () => oneByOne(ticks) },
    // It cuts the times of its ticks in place, so that each run needs its own.
    { times: 1, prepare: () => { trades = tradesOf(columns); }, run: () => library(trades) },
  ];
  const rates = ways.map((): number[] => []);
  for (let round = -1; round < bench.rounds; round += 1) {
    for (const [index, way] of ways.entries()) {
      way.prepare();
      const usedMs = threadMs(() => { for (let time = 0; time < way.times; time += 1) way.run(); });
      if (round >= 0) rates[index]?.push((TICKS * way.times * MS_PER_SECOND) / usedMs);
    }
  }
  const [own = [], single = [], theirs = []] = rates;
  const ratioOf = (mine: readonly number[]): number => median(mine.map((rate, index) => rate / (theirs[index] ?? NaN)));
  const [ratio, singleRatio] = [ratioOf(own), ratioOf(single)];
  return Promise.resolve([
    { section: 'candles', name: 'ticks to 1m + 5m + 15m, by columns', perSecond: median(own), against: `${times(ratio)} candlestick-convert`, ratios: { candlestickConvert: ratio }, target: `>= ${TARGET}x candlestick-convert`, met: ratio >= TARGET },
    { section: 'candles', name: 'the same one by one, in any order, as a live feed gives them', perSecond: median(single), against: `${times(singleRatio)} candlestick-convert`, ratios: { candlestickConvert: singleRatio } },
    { section: 'candles', name: 'candlestick-convert', perSecond: median(theirs) },
  ]);
}

const calendar = createTradingCalendar();
const sessionAt = (at: number) => calendar.sessionAt(OF, at);

function batch(ticks: TickColumns): number {
  const minutes = minutesOfTicks(ticks, sessionAt);
  return minutes.length + higherColumns(minutes, slotsOf(calendar, OF, '5m')).length + higherColumns(minutes, slotsOf(calendar, OF, '15m')).length;
}

function oneByOne(ticks: readonly Tick[]): number {
  const builder = new MinuteBuilder({ sessionAt, from: 0 });
  const higher = ['5m', '15m'].map((timeframe) => new HigherCandles({ slotOf: slotsOf(calendar, OF, timeframe) }));
  let closed = 0;
  for (const tick of ticks) {
    for (const minute of builder.take(tick)) {
      closed += 1;
      for (const candles of higher) closed += candles.add(minute).length;
    }
  }
  return closed;
}

function tradesOf({ at, price, quantity }: TickColumns): TradeTick[] {
  return Array.from({ length: TICKS }, (_, index) => ({ time: at[index] ?? 0, price: price[index] ?? 0, quantity: quantity[index] ?? 0 }));
}

/** What this thread worked meanwhile: others on the machine are not in it. */
function threadMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / MICROS_PER_MS;
}

function library(trades: TradeTick[]): number {
  const minutes = batchTicksToCandle(trades, 60, true);
  return minutes.length + batchCandlesJSON(minutes, 60, 300).length + batchCandlesJSON(minutes, 60, 900).length;
}

function tickColumns(): TickColumns {
  const random = generator(1);
  const dates = calendar.tradingDays(OF, '2025-06-02', '2025-06-30');
  const opens = dates.flatMap((date) => {
    const day = calendar.day(OF, date);
    return day.kind === 'open' ? day.sessions.map(({ from }) => from) : [];
  });
  const perSession = SESSION_MS / EVERY_MS;
  const at = Float64Array.from({ length: TICKS }, (_, index) => (opens[Math.floor(index / perSession)] ?? NaN) + (index % perSession) * EVERY_MS);
  let price = 1_000;
  const prices = Float64Array.from({ length: TICKS }, () => (price = Math.round((price + (random() - 0.5) * 0.4) * 20) / 20));
  return { length: TICKS, at, price: prices, quantity: Float64Array.from({ length: TICKS }, () => 1 + Math.floor(random() * 50)) };
}
