import fc from 'fast-check';
import { instrumentKey } from '../market';
import { toMoney } from '../money';
import { createTradingCalendar, indiaTime } from '../session';
import type { SeenCandle, Tick } from '../feed';
import { MinuteBuilder } from './minuteBuilder';

const SBIN = instrumentKey('NSE', 'SBIN');
const DATE = '2025-06-16';
const at = (time: string, second = 0, date = DATE): number => indiaTime(date, time) + second * 1_000;
const calendar = createTradingCalendar();
const sessionAt = (time: number) => calendar.sessionAt({ exchange: 'NSE', base: 'SBIN' }, time);
const tick = (when: number, price: number, more: Partial<Tick> = {}): Tick => ({ instrument: SBIN, last: toMoney(price), at: when, ...more });

function builder(from = at('09:00'), lateMs?: number): MinuteBuilder {
  return new MinuteBuilder({ sessionAt, from, ...(lateMs === undefined ? {} : { lateMs }) });
}

function candlesOf(ticks: readonly Tick[], made = builder()): readonly SeenCandle[] {
  const closed = ticks.flatMap((each) => made.take(each));
  return [...closed, ...made.closeUpTo(Infinity)];
}

/** `09:15 open high low close volume`, `!` for an incomplete one. */
const text = ({ candle, incomplete }: SeenCandle): string => `${new Date(candle.time + 19_800_000).toISOString().slice(11, 16)} ${[candle.open, candle.high, candle.low, candle.close, candle.volume].join(' ')}${incomplete ? '!' : ''}`;
const texts = (candles: readonly SeenCandle[]): readonly string[] => candles.map(text);

test('ticks of a minute become its candle, by the time of the source', () => {
  const ticks = [tick(at('09:15', 0), 100, { lastQuantity: 5 }), tick(at('09:15', 20), 103, { lastQuantity: 1 }), tick(at('09:15', 59.999), 99, { lastQuantity: 2 }), tick(at('09:16', 0), 101)];
  expect(candlesOf(ticks).map(({ candle, until, incomplete }) => ({ candle, until, incomplete }))).toEqual([
    { candle: { time: at('09:15'), open: 100, high: 103, low: 99, close: 99, volume: 8, closed: true }, until: at('09:16'), incomplete: false },
    { candle: { time: at('09:16'), open: 101, high: 101, low: 101, close: 101, volume: 0, closed: true }, until: at('09:17'), incomplete: false },
  ]);
});

test('a candle closes when a tick is the window past its end, or when the clock says so', () => {
  const made = builder();
  made.take(tick(at('09:15', 30), 100));
  expect(made.take(tick(at('09:16', 1.999), 101))).toEqual([]);
  expect(texts(made.take(tick(at('09:16', 2), 102)))).toEqual(['09:15 100 100 100 100 0']);
  expect(made.closeUpTo(at('09:16', 59.999))).toEqual([]);
  expect(texts(made.closeUpTo(at('09:17')))).toEqual(['09:16 101 102 101 102 0']);
});

test('without a window a candle closes with the first tick of the next one', () => {
  const made = builder(at('09:00'), 0);
  made.take(tick(at('09:15', 30), 100));
  expect(texts(made.take(tick(at('09:16'), 101)))).toEqual(['09:15 100 100 100 100 0']);
});

test('a tick within the window still enters its candle; a later one is counted and dropped', () => {
  const made = builder();
  made.take(tick(at('09:15', 10), 100));
  made.take(tick(at('09:16', 1), 105));
  made.take(tick(at('09:15', 59.5), 110));
  made.take(tick(at('09:15', 58), 90));
  expect([made.leftOut.late, texts(made.closeUpTo(at('09:17')))]).toEqual([1, ['09:15 100 110 100 110 0', '09:16 105 105 105 105 0']]);
  expect(made.take(tick(at('09:16', 59), 1))).toEqual([]);
  expect(made.leftOut.late).toBe(2);
});

test('a minute whose first tick comes after one of the next minute is still closed before it', () => {
  const made = builder();
  made.take(tick(at('09:16', 0.5), 101, { dayVolume: 30 }));
  made.take(tick(at('09:15', 59), 100, { dayVolume: 20 }));
  expect(made.dueAt).toBe(at('09:16'));
  expect(texts(made.closeUpTo(at('09:17')))).toEqual(['09:15 100 100 100 100 20', '09:16 101 101 101 101 10']);
});

test('a minute without a trade has no candle', () => {
  expect(texts(candlesOf([tick(at('09:15', 1), 100), tick(at('09:18', 1), 101)]))).toEqual(['09:15 100 100 100 100 0', '09:18 101 101 101 101 0']);
});

test('what is printed before the opening, at the close and after it, and on a holiday makes no candle', () => {
  const made = builder();
  const ticks = [at('09:08'), at('09:14', 59.999), at('09:15'), at('15:29', 59.999), at('15:30'), at('15:31'), at('10:00', 0, '2025-08-15')].map((when) => tick(when, 100));
  expect([texts(candlesOf(ticks, made)), made.leftOut.offSession]).toEqual([['09:15 100 100 100 100 0', '15:29 100 100 100 100 0'], 5]);
});

test('the candle that was under way when listening began is incomplete, those after it are not', () => {
  const ticks = [tick(at('10:00', 40), 100), tick(at('10:01', 1), 101)];
  expect(texts(candlesOf(ticks, builder(at('10:00', 30))))).toEqual(['10:00 100 100 100 100 0!', '10:01 101 101 101 101 0']);
  expect(texts(candlesOf(ticks, builder(at('10:00'))))).toEqual(['10:00 100 100 100 100 0', '10:01 101 101 101 101 0']);
  expect(texts(candlesOf([tick(at('09:15', 1), 100)], builder(at('09:14', 59))))).toEqual(['09:15 100 100 100 100 0']);
});

test('candles of which ticks were missed are incomplete until somebody knows better', () => {
  const made = builder();
  for (const [minute, price] of [['09:15', 100], ['09:17', 102], ['09:18', 103]] as const) made.take(tick(at(minute, 30), price));
  made.missed({ from: at('09:17', 40), until: at('09:18', 10) });
  expect(made.forming().map(({ incomplete }) => incomplete)).toEqual([true]);
  expect(texts(made.closeUpTo(at('09:19')))).toEqual(['09:18 103 103 103 103 0!']);
  made.take(tick(at('09:19', 30), 104));
  expect(texts(made.closeUpTo(at('09:20')))).toEqual(['09:19 104 104 104 104 0']);
  made.take(tick(at('09:20', 30), 104));
  made.missed({ from: at('09:20', 31), until: at('09:20', 32) });
  made.unsure.remove({ from: at('09:20'), until: at('09:21') });
  expect(texts(made.closeUpTo(at('09:21')))).toEqual(['09:20 104 104 104 104 0']);
});

describe('volume from the count of the day', () => {
  const counted = (...counts: readonly (readonly [string, number, number])[]): readonly Tick[] => counts.map(([minute, second, dayVolume]) => tick(at(minute, second), 100, { dayVolume }));
  const volumes = (ticks: readonly Tick[], made = builder()): readonly number[] => candlesOf(ticks, made).map(({ candle }) => candle.volume);

  test('the first minute holds all that was counted, each later one what was added', () => {
    expect(volumes(counted(['09:15', 1, 40], ['09:15', 30, 100], ['09:16', 1, 130], ['09:16', 50, 150], ['09:18', 1, 155]))).toEqual([100, 50, 5]);
  });

  test('one who comes later knows what was added since', () => {
    expect(volumes(counted(['10:00', 40, 5_000], ['10:00', 50, 5_010], ['10:01', 1, 5_030]), builder(at('10:00', 30)))).toEqual([10, 20]);
  });

  test.each<[string, readonly (readonly [string, number, number])[], readonly number[]]>([
    ['a count that begins anew', [['09:15', 1, 1_000], ['09:16', 1, 20], ['09:17', 1, 50]], [1_000, 0, 30]],
    ['a server that lags behind', [['09:15', 1, 1_000], ['09:16', 1, 990], ['09:17', 1, 1_005]], [1_000, 0, 5]],
    ['a lag within a minute', [['09:15', 1, 1_000], ['09:15', 2, 990], ['09:16', 2, 1_004]], [1_000, 4]],
  ])('%s takes nothing away', (_what, counts, expected) => {
    expect(volumes(counted(...counts))).toEqual(expected);
  });

  test('any counts at all give volumes that are not negative and no larger than the largest count', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 375 * 60 - 1 }), fc.nat(1_000_000)), { maxLength: 60 }), (counts) => {
      const ticks = [...counts].sort(([a], [b]) => a - b).map(([second, dayVolume]) => tick(at('09:15', second), 100, { dayVolume }));
      const most = Math.max(0, ...counts.map(([, count]) => count));
      expect(volumes(ticks).filter((volume) => volume < 0 || volume > most)).toEqual([]);
    }));
  });

  test('what was traded while ticks were missed is nobody\'s', () => {
    const made = builder();
    made.take(tick(at('09:15', 1), 100, { dayVolume: 10 }));
    made.closeUpTo(at('09:16'));
    made.missed({ from: at('09:16', 10), until: at('09:18', 10) });
    expect(volumes(counted(['09:20', 1, 900], ['09:20', 30, 905], ['09:21', 30, 915]), made)).toEqual([5, 10]);
  });

  test('a new day begins with nothing, also where the source still says yesterday\'s count', () => {
    const next = '2025-06-17';
    const day = (second: number, dayVolume: number): Tick => tick(at('09:15', second, next), 100, { dayVolume });
    expect(volumes([...counted(['15:29', 1, 9_000]), day(1, 30)])).toEqual([9_000, 30]);
    expect(volumes([...counted(['15:29', 1, 9_000]), day(1, 9_000), day(61, 20), day(121, 50)])).toEqual([9_000, 0, 30]);
  });

  test('quotes that come without a trade make no candle and are no part of one', () => {
    const ticks = [tick(at('09:15', 1), 100, { dayVolume: 10 }), tick(at('09:16', 1), 100, { dayVolume: 10 }), tick(at('09:17', 1), 100, { dayVolume: 10 }), tick(at('09:17', 9), 105, { dayVolume: 12 })];
    expect(texts(candlesOf(ticks))).toEqual(['09:15 100 100 100 100 10', '09:17 105 105 105 105 2']);
  });

  test('two minutes that form at the same time do not count the same units', () => {
    const made = builder();
    for (const each of counted(['09:15', 59, 100], ['09:16', 1, 130])) made.take(each);
    expect(made.forming().map(({ candle }) => candle.volume)).toEqual([100, 30]);
  });
});

describe('order and repetition within the window', () => {
  /** A sitting of ticks over some minutes: distinct times, or of one time with a growing count. */
  const sitting = (kind: 'count' | 'quantity' | 'none') => fc.array(fc.record({ stepMs: fc.integer({ min: 1, max: 20_000 }), price: fc.integer({ min: 90, max: 110 }), units: fc.integer({ min: 0, max: 50 }) }), { minLength: 1, maxLength: 60 })
    .map((steps) => {
      let when = at('09:15');
      let dayVolume = 1;
      return steps.map(({ stepMs, price, units }): Tick => {
        when += stepMs;
        dayVolume += units;
        return tick(when, price, kind === 'count' ? { dayVolume } : kind === 'quantity' ? { lastQuantity: units } : {});
      });
    });

  /** Each tick arrives up to the window late, and some arrive twice. */
  const disorder = fc.array(fc.record({ delay: fc.integer({ min: 0, max: 1_999 }), again: fc.option(fc.integer({ min: 0, max: 1_999 })) }), { minLength: 60, maxLength: 60 });

  test.each(['count', 'quantity', 'none'] as const)('any order and any repetition give the same candles (%s)', (kind) => {
    fc.assert(fc.property(sitting(kind), disorder, (ticks, ways) => {
      const arrivals = ticks.flatMap((each, index) => {
        const { delay = 0, again = null } = ways[index] ?? {};
        return [{ each, arrives: each.at + delay }, ...(again === null ? [] : [{ each, arrives: each.at + again }])];
      }).sort((a, b) => a.arrives - b.arrives).map(({ each }) => each);
      expect(candlesOf(arrivals)).toEqual(candlesOf(ticks));
    }), { numRuns: 300 });
  });

  test('of two ticks at one time the larger count of the day is the later one', () => {
    const early = tick(at('09:15', 1), 100, { dayVolume: 10 });
    const late = tick(at('09:15', 1), 101, { dayVolume: 12 });
    for (const order of [[early, late], [late, early]]) expect(texts(candlesOf(order))).toEqual(['09:15 100 101 100 101 12']);
    const latest = tick(at('09:15', 1), 99, { dayVolume: 15 });
    for (const order of [[early, late, latest], [latest, late, early], [late, latest, early]]) expect(texts(candlesOf(order))).toEqual(['09:15 100 101 99 99 15']);
  });
});
