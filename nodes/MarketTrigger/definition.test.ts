import { mapSeries } from '../../tests/doubles/conditionSeries';
import type { SeenCandle, SeriesRequest, SeriesSnapshot, Tick, TickTap, TapWish } from '../../runtime/domain/feed';
import { createCatalogue, resolveSymbol } from '../../runtime/domain/instrument';
import { instrumentKey } from '../../runtime/domain/market';
import { toMoney } from '../../runtime/domain/money';
import { createTradingCalendar, indiaTime } from '../../runtime/domain/session';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../runtime/domain/time';
import type { Firing, TriggerContext } from '../../runtime/domain/trigger';
import { readParameters } from '../../runtime/hosts/parameters';
import { marketTrigger } from './definition';

const OPEN = indiaTime('2026-11-20', '09:15');
const LENGTH = 5 * MINUTE_MS;
const instruments = createCatalogue();

type Values = Readonly<Record<string, number | boolean>>;

/** What a trigger asked for, and how the test plays the market. */
interface World {
  readonly fired: Firing[];
  readonly statuses: string[];
  readonly requests: SeriesRequest[];
  readonly ticks: { readonly key: string; readonly tap: TickTap; readonly wish: TapWish | undefined }[];
  readonly candles: { readonly timeframe: string; readonly forming: boolean; readonly key: string; readonly say: (seen: SeenCandle) => void | Promise<void> }[];
  /** Moves the clock. */
  wait(ms: number): void;
  /** The next moment that was planned, or undefined; `meet` makes the clock show it. */
  planned(): EpochMs | undefined;
  meet(): void;
  /** Closes the nth candle after the open, with the answers to the condition's questions. */
  close(index: number, values: Values, symbol?: string, more?: Partial<SeenCandle>): void | Promise<void>;
  endFlow(): void;
}

function world(values: Readonly<Record<string, unknown>>): { readonly start: () => ReturnType<typeof marketTrigger.start>; readonly world: World } {
  let clock = OPEN;
  const flows: (() => void)[] = [];
  let schedule: { readonly next: (after: EpochMs) => EpochMs | undefined; readonly wake: (planned: EpochMs, now: EpochMs) => void | Promise<void> } | undefined;
  const series: { readonly request: SeriesRequest; readonly listener: (snapshot: SeriesSnapshot) => void | Promise<void> }[] = [];
  const own: World = {
    fired: [], statuses: [], requests: [], ticks: [], candles: [],
    wait: (ms) => { clock += ms; },
    planned: () => schedule?.next(clock),
    meet() {
      clock = own.planned() ?? fail('Nothing is planned.');
      void schedule?.wake(clock, clock);
    },
    close(index, known, symbol = 'SBIN', more = {}) {
      const { request, listener } = series.find(({ request: { instrument } }) => instrument.symbol === symbol) ?? fail(`Nobody watches ${symbol}.`);
      return listener({ instrument: request.instrument, newest: seen(index, more), series: mapSeries(known), candles: 100 });
    },
    endFlow: () => flows.shift()?.(),
  };
  const context: TriggerContext = {
    identity: { strategyId: 's', nodeKey: 'market' }, now: () => clock, calendar: createTradingCalendar(),
    resolve: (exchange, symbol) => resolveSymbol({ exchange, symbol, at: clock, instruments }),
    onTick: ({ key }, tap, wish) => { own.ticks.push({ key, tap, wish }); return () => { own.ticks.splice(own.ticks.findIndex((tick) => tick.tap === tap), 1); }; },
    candles: { watch: ({ instrument, timeframe }, listener, options) => { own.candles.push({ key: instrument.key, timeframe, forming: options?.forming === true, say: listener }); return () => undefined; } },
    series: { watch: (request, listener) => { own.requests.push(request); series.push({ request, listener }); return () => undefined; } },
    onSchedule: (next, wake) => { schedule = { next, wake }; },
    onEvents: () => undefined,
    emit: (firing) => { own.fired.push(firing); return new Promise((resolve) => flows.push(() => resolve('done'))); },
    status: (text) => { own.statuses.push(text); },
  };
  const params = readParameters(marketTrigger.params, values, { numbersAsText: false });
  return { world: own, start: () => (params.ok ? marketTrigger.start(params.value, context) : params) };
}

function started(values: Readonly<Record<string, unknown>>): World {
  const { start, world: own } = world({ symbols: 'SBIN', ...values });
  const outcome = start();
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return own;
}

const refusal = (values: Readonly<Record<string, unknown>>): object => {
  const outcome = world(values).start();
  return outcome.ok ? { started: true } : outcome.denial;
};

function seen(index: number, more: Partial<SeenCandle> = {}): SeenCandle {
  const time = OPEN + index * LENGTH;
  return { candle: { time, open: 99, high: 102, low: 98, close: 101, volume: 10, closed: true }, incomplete: false, until: time + LENGTH, ...more };
}

const containing = (part: string): string => expect.stringContaining(part) as string;

function fail(message: string): never {
  throw new Error(message);
}

const CROSS = { fires: 'condition', condition: 'ema(9) crosses above ema(21)' };
const crossed: Values = { 'ema(9)': 2, 'ema(21)': 1, 'ema(9)[1]': 0, 'ema(21)[1]': 1, 'ema(9)[2]': 0, 'ema(21)[2]': 1 };
const apart: Values = { ...crossed, 'ema(9)[1]': 2 };
const LEVEL = { fires: 'condition', condition: 'close > 100' };
const above: Values = { close: 101, 'close[1]': 101 };
const below: Values = { close: 99, 'close[1]': 99 };
const keys = ({ fired }: World): readonly string[] => fired.map(({ key }) => key);
const TIMES = [0, 1, 2, 3].map((index) => OPEN + index * LENGTH);

describe('on candle close', () => {
  test('every closed candle of every symbol is one durable signal', () => {
    const own = started({ symbols: 'SBIN, TCS; NSE_INDEX:NIFTY, sbin', timeframe: '15MIN', tags: 'a, b', signalName: 'candles' });
    expect(own.candles.map(({ key, timeframe, forming }) => [key, timeframe, forming])).toEqual([['NSE:SBIN', '15m', false], ['NSE:TCS', '15m', false], ['NSE_INDEX:NIFTY', '15m', false]]);
    void own.candles[1]?.say(seen(0));
    expect(own.fired).toEqual([{
      key: `NSE:TCS 15m ${OPEN}`, happenedAt: OPEN + LENGTH, goodForMs: 30 * MINUTE_MS,
      item: {
        v: 1, signal: { id: 'market', source: 'market', at: OPEN + LENGTH, price: 101, name: 'candles' }, exchange: 'NSE', symbol: 'TCS', tags: ['a', 'b'],
        candle: { timeframe: '15m', time: OPEN, until: OPEN + LENGTH, open: 99, high: 102, low: 98, close: 101, volume: 10, closed: true },
      },
    }]);
    expect(own.statuses).toEqual(['watching 3 symbols · 15m', 'watching 3 symbols · 15m, TCS at 09:20']);
  });

  test('a candle with a hole says nothing but in the status, until the next one', () => {
    const own = started({});
    void own.candles[0]?.say(seen(0, { incomplete: true }));
    expect([keys(own), own.statuses.at(-1)]).toEqual([[], 'watching 1 symbol · 5m, incomplete: SBIN 09:15']);
    void own.candles[0]?.say(seen(1));
    expect(own.statuses.at(-1)).toBe('watching 1 symbol · 5m, SBIN at 09:25');
  });

  test('the forming candle is given only where it is asked for, now and then, and is not journalled', () => {
    const own = started({ forming: true, minSeconds: 2 });
    const forming = seen(0, { candle: { ...seen(0).candle, closed: false } });
    for (let second = 0; second < 5; second += 1) {
      void own.candles[0]?.say(forming);
      own.wait(SECOND_MS);
    }
    expect(own.candles[0]?.forming).toBe(true);
    expect(own.fired.map(({ durable, happenedAt, item }) => [durable, happenedAt - OPEN, item.candle?.closed])).toEqual([[false, 0, false], [false, 2_000, false], [false, 4_000, false]]);
    expect(new Set(keys(own)).size).toBe(3);
  });

  test('a recorded market waits until the flow has ended', async () => {
    const own = started({});
    let over = false;
    const waited = Promise.resolve(own.candles[0]?.say(seen(0))).then(() => { over = true; });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    own.endFlow();
    await waited;
    expect(over).toBe(true);
  });
});

describe('when a condition becomes true', () => {
  test('it fires with the candle that made it true and says why', () => {
    const own = started(CROSS);
    void own.close(0, crossed);
    expect(keys(own)).toEqual([`NSE:SBIN 5m ${OPEN}`]);
    expect(own.fired[0]?.item).toMatchObject({
      symbol: 'SBIN', candle: { time: OPEN, closed: true },
      condition: { text: 'ema(9) crosses above ema(21)', result: 'true', missing: [], why: ['ema(9) crosses above ema(21): true (ema(9) = 2, ema(21) = 1, ema(9)[1] = 0, ema(21)[1] = 1)'] },
    });
    void own.close(1, apart);
    void own.close(2, crossed);
    expect(keys(own)).toEqual([0, 2].map((index) => `NSE:SBIN 5m ${String(TIMES[index])}`));
  });

  test('all that will be asked is asked for: also how it stood a candle earlier', () => {
    const { requests } = started({ ...CROSS, condition: 'close crosses above ema(50)@1h', convention: 'pine' });
    expect(requests[0]).toMatchObject({ timeframe: '5m', convention: 'pine' });
    expect(requests[0]?.lookups.map(({ text, offset, asOf }) => [text, offset, asOf?.candles ?? 0])).toEqual([
      ['close', 0, 0], ['ema(50)@1h', 0, 0], ['close[1]', 1, 0], ['ema(50)@1h as of 1 candle ago', 0, 1],
      ['close, a candle earlier', 1, 0], ['ema(50)@1h, a candle earlier', 0, 1], ['close[1], a candle earlier', 2, 0], ['ema(50)@1h as of 1 candle ago, a candle earlier', 0, 2],
    ]);
  });

  test.each<[string, object, readonly (readonly [Values, boolean])[]]>([
    ['what was true before the watch does not fire until it is true anew', {}, [[above, false], [above, false], [below, false], [above, true], [above, false]]],
    ['what was true before fires once where that is wanted', { atStart: true }, [[above, true], [above, false], [below, false], [above, true]]],
    ['what became true with the first candle fires', {}, [[{ close: 101, 'close[1]': 99 }, true], [above, false]]],
    ['what nobody knows of the candle before does not', {}, [[{ close: 101 }, false], [above, false]]],
    ['unknown between two trues is no false', {}, [[below, false], [above, true], [{}, false], [above, false]]],
    ['unknown between false and true is no obstacle', {}, [[below, false], [{}, false], [above, true]]],
    ['each candle while it is true', { again: 'whileTrue' }, [[above, true], [above, true], [below, false], [{}, false], [above, true]]],
  ])('%s', (_name, more, candles) => {
    const own = started({ ...LEVEL, ...more });
    const fires = candles.map(([values], index) => {
      const before = own.fired.length;
      void own.close(index, values);
      return own.fired.length > before;
    });
    expect(fires).toEqual(candles.map(([, expected]) => expected));
  });

  test('every symbol has a truth of its own', () => {
    const own = started({ ...LEVEL, symbols: 'SBIN,TCS' });
    void own.close(0, below, 'SBIN');
    void own.close(0, above, 'TCS');
    void own.close(1, above, 'SBIN');
    void own.close(1, above, 'TCS');
    expect(keys(own)).toEqual([`NSE:SBIN 5m ${String(TIMES[1])}`]);
  });

  test('a candle with a hole decides nothing and forgets nothing', () => {
    const own = started(LEVEL);
    void own.close(0, below);
    void own.close(1, above, 'SBIN', { incomplete: true });
    expect([keys(own), own.statuses.at(-1)]).toEqual([[], 'watching 1 symbol · 5m, incomplete: SBIN 09:20']);
    void own.close(2, above);
    expect(keys(own)).toEqual([`NSE:SBIN 5m ${String(TIMES[2])}`]);
  });

  test('the status counts what can not be judged yet', () => {
    const own = started({ ...LEVEL, symbols: 'SBIN,TCS' });
    void own.close(0, {});
    expect(own.statuses.at(-1)).toBe('watching 2 symbols · 5m, 1 not known yet');
    void own.close(1, below);
    expect(own.statuses.at(-1)).toBe('watching 2 symbols · 5m');
  });
});

describe('on tick', () => {
  const tick = (at: EpochMs): Tick => ({ instrument: instrumentKey('NSE', 'SBIN'), last: toMoney(800.05), bid: toMoney(800), ask: toMoney(800.1), at });

  test('at most once a second for each symbol; passing, and only the newest while the flow is busy', () => {
    const own = started({ fires: 'tick', symbols: 'SBIN,TCS' });
    for (let tenth = 0; tenth < 20; tenth += 1) {
      for (const { tap } of own.ticks) void tap(tick(OPEN + tenth * 100));
      own.wait(100);
    }
    expect(own.ticks.map(({ key, wish }) => [key, wish])).toEqual([['NSE:SBIN', 'newest'], ['NSE:TCS', 'newest']]);
    expect(keys(own)).toEqual(['NSE:SBIN', 'NSE:TCS', 'NSE:SBIN', 'NSE:TCS'].map((key, index) => `${key} tick ${OPEN + (index < 2 ? 0 : 1_000)}`));
    expect(own.fired[0]).toMatchObject({ durable: false, happenedAt: OPEN, item: { symbol: 'SBIN', signal: { price: 800.05 }, quote: { last: 800.05, bid: 800, ask: 800.1, at: OPEN } } });
    expect(own.fired[0]?.item).not.toHaveProperty('candle');
    expect(own.statuses).toEqual(['watching 2 symbols · ticks']);
  });

  test('every one of them at 0 seconds, and on after the clock was set back', () => {
    const own = started({ fires: 'tick', minSeconds: 0 });
    for (const at of [0, 0, 1]) void own.ticks[0]?.tap(tick(OPEN + at));
    expect(own.fired).toHaveLength(3);
    const slow = started({ fires: 'tick', minSeconds: 60 });
    void slow.ticks[0]?.tap(tick(OPEN));
    slow.wait(-3_600_000);
    void slow.ticks[0]?.tap(tick(OPEN + 1));
    expect(slow.fired).toHaveLength(2);
  });
});

describe('continuous contracts', () => {
  test('the watch moves to the next contract on the morning after the old one has expired', () => {
    const own = started({ fires: 'tick', symbols: 'SBIN, NFO:NIFTY1!' });
    const keysOf = (): readonly string[] => own.ticks.map(({ key }) => key);
    expect(keysOf()).toEqual(['NSE:SBIN', 'NFO:NIFTY23NOV26FUT']);
    expect(own.planned()).toBe(indiaTime('2026-11-21', '08:30'));
    const mornings = [1, 2, 3, 4].map(() => {
      own.meet();
      return keysOf().at(-1);
    });
    expect(mornings).toEqual(['NFO:NIFTY23NOV26FUT', 'NFO:NIFTY23NOV26FUT', 'NFO:NIFTY23NOV26FUT', 'NFO:NIFTY29DEC26FUT']);
    expect(keysOf()).toEqual(['NSE:SBIN', 'NFO:NIFTY29DEC26FUT']);
  });

  test('symbols that never change need no schedule', () => {
    expect(started({ fires: 'tick', symbols: 'SBIN, NFO:NIFTY29DEC26FUT' }).planned()).toBeUndefined();
  });
});

test.each<[string, object, object]>([
  ['an unknown symbol, by its name', { symbols: 'SBIN, NOSUCHSHARE' }, { code: 'UNKNOWN_SYMBOL', field: 'symbols', message: containing('"NOSUCHSHARE"') }],
  ['an exchange that is none', { symbols: 'MARS:SBIN' }, { field: 'symbols', message: containing('"MARS:SBIN"') }],
  ['no symbol', {}, { code: 'INVALID_PARAMETER', field: 'symbols' }],
  ['only commas', { symbols: ' , ' }, { code: 'INVALID_PARAMETER', field: 'symbols' }],
  ['too many', { symbols: Array.from({ length: 1_001 }, (_, index) => `S${index}`).join(',') }, { code: 'TOO_MANY_SYMBOLS', limit: 1_000, value: 1_001 }],
  ['a timeframe that is none', { symbols: 'SBIN', timeframe: '5x' }, { code: 'INVALID_PARAMETER', field: 'timeframe' }],
  ['no condition', { symbols: 'SBIN', fires: 'condition' }, { code: 'INVALID_PARAMETER', field: 'condition' }],
  ['a bad condition, with the column', { symbols: 'SBIN', fires: 'condition', condition: 'close > emma(9)' }, { code: 'INVALID_PARAMETER', field: 'condition', message: containing('Column 9: ') }],
  ['a field of an item that is not there yet', { symbols: 'SBIN', fires: 'condition', condition: 'position.quantity = 0' }, { code: 'INVALID_PARAMETER', message: containing('Column 1: ') }],
])('%s is refused', (_name, values, denial) => {
  expect(refusal({ ...values })).toMatchObject(denial);
});

test('a condition that is not asked for is not read', () => {
  expect(refusal({ symbols: 'SBIN', fires: 'candle', condition: '(' })).toEqual({ started: true });
});

describe('the meaning of a form', () => {
  const meaning = (values: Readonly<Record<string, unknown>>) => marketTrigger.meaning?.of(values);
  test('says when it fires and reads the condition back', () => {
    expect(meaning({ fires: 'condition', symbols: 'SBIN', timeframe: '15min', condition: 'EMA(9) > ema(21)' })).toEqual({ ok: true, lines: ['ema(9) > ema(21)', 'Fires with the closed 15m candle of SBIN on which it becomes true.', 'Looks at ema(9), ema(21).'] });
    expect(meaning({ fires: 'candle', symbols: 'SBIN,TCS', timeframe: '' })).toEqual({ ok: true, lines: ['Fires when a 5m candle of each symbol has closed.'] });
    expect(meaning({ fires: 'tick' })).toEqual({ ok: true, lines: ['Fires on ticks of a symbol.'] });
    expect(meaning({ fires: 'condition' })).toEqual({ ok: true, lines: [] });
  });
  test('points at what is wrong', () => {
    expect(meaning({ fires: 'condition', condition: 'close >' })).toMatchObject({ ok: false, at: { text: 'close >', column: 8 } });
  });
});
