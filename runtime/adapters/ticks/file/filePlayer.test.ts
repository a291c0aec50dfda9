import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Tick } from '../../../domain/feed';
import type { Instrument } from '../../../domain/market';
import { instrumentKey } from '../../../domain/market';
import { fromMoney, toMoney } from '../../../domain/money';
import type { Sessions } from '../../../domain/ports';
import { createSessions } from '../../../domain/session';
import { manualClock } from '../../system/manual';
import { candlePath } from './candlePath';
import { filePlayer, type FilePlayerOptions } from './filePlayer';
import { loadRecording, readRecording, type Recording, type RecordingOptions } from './recording';

const MINUTE = 60_000;
const index = (symbol: string): Instrument => ({ key: instrumentKey('NSE_INDEX', symbol), exchange: 'NSE_INDEX', symbol, segment: 'index', base: symbol, lotSize: 1 });
const NIFTY = index('NIFTY');
const BANKNIFTY = index('BANKNIFTY');
const at = (time: string, day = '2022-06-01'): number => Date.parse(`${day}T${time}+05:30`);
/** 09:15 to 15:30 in India on every day: the rule of keeping rows out is what is tested here, not the calendar. */
const sessions: Pick<Sessions, 'isOpen'> = {
  isOpen: (_instrument, moment) => {
    const minute = Math.floor((moment + 5.5 * 60 * MINUTE) / MINUTE) % 1_440;
    return minute >= 555 && minute < 930;
  },
};

function recording(text: string, options: Partial<RecordingOptions> = {}): Recording {
  const read = readRecording(text, { instrument: NIFTY, ...options });
  if (!read.ok) throw new Error(read.denial.message);
  return read.value;
}

const THREE = '20220601 09:15,10,12,9,11,400\n20220601 09:16,11,13,10,12,402\n20220601 09:17,12,14,8,9,0';

async function listened(options: Partial<FilePlayerOptions> & { readonly recordings: readonly Recording[] }, listener: (tick: Tick) => void | Promise<void>, wanted = options.recordings.map(({ instrument }) => instrument.key)) {
  const player = filePlayer({ sessions, starts: 'told', ...options });
  const connected = await player.connect({ tick: listener, heard: () => undefined, lost: (reason) => { throw new Error(reason); } });
  if (!connected.ok) throw new Error(connected.denial.message);
  const refused = await connected.value.subscribe(wanted);
  return { player, connection: connected.value, refused };
}

async function ticksOf(options: Partial<FilePlayerOptions> & { readonly recordings: readonly Recording[] }): Promise<readonly Tick[]> {
  const ticks: Tick[] = [];
  const { player } = await listened(options, (tick) => void ticks.push(tick));
  player.play();
  await player.finished;
  return ticks;
}

test('a rising candle goes low first, a falling one high first, inside its own minute', async () => {
  const ticks = await ticksOf({ recordings: [recording('20220601 09:15,10,12,9,11,402\n20220601 09:16,11,13,8,9,0')] });
  expect(ticks.map(({ last, at: moment }) => [fromMoney(last), (moment - at('09:15')) / 1_000])).toEqual([[10, 0], [9, 20], [12, 40], [11, 59], [11, 60], [13, 80], [8, 100], [9, 119]]);
  expect(ticks.map(({ lastQuantity }) => lastQuantity)).toEqual([100, 100, 100, 102, undefined, undefined, undefined, undefined]);
});

test('made into a candle again, the ticks of a candle give the same one', () => {
  const price = fc.integer({ min: 1, max: 1e7 }).map((paise) => paise / 100);
  fc.assert(fc.property(fc.tuple(price, price, price, price), fc.nat({ max: 1e9 }), (prices, volume) => {
    const [open, close] = prices;
    const candle = { time: at('09:15'), open, high: Math.max(...prices), low: Math.min(...prices), close, volume, closed: true };
    const ticks = candlePath(NIFTY.key, candle, MINUTE);
    const lasts = ticks.map(({ last }) => fromMoney(last));
    expect({ ...candle, open: lasts[0], high: Math.max(...lasts), low: Math.min(...lasts), close: lasts.at(-1), volume: ticks.reduce((sum, { lastQuantity = 0 }) => sum + lastQuantity, 0) }).toEqual(candle);
    expect(ticks.every((tick) => tick.at >= candle.time && tick.at < candle.time + MINUTE)).toBe(true);
  }));
});

test('several files are one course in order of time; of one time in the order of the files', async () => {
  const ticks = await ticksOf({ recordings: [recording('20220601 09:16,1,1,1,1'), recording('20220601 09:15,2,2,2,2\n20220601 09:16,3,3,3,3', { instrument: BANKNIFTY })] });
  expect(ticks.map(({ at: moment }) => moment)).toEqual(ticks.map(({ at: moment }) => moment).sort((a, b) => a - b));
  expect(ticks.map(({ last }) => fromMoney(last))).toEqual([2, 2, 2, 2, 1, 3, 1, 3, 1, 3, 1, 3]);
});

test('rows outside the sessions reach neither ticks nor history, and are counted', async () => {
  const text = '20220601 09:08,5,5,5,5\n20220601 09:15,10,10,10,10\n20220601 15:29,11,11,11,11\n20220601 15:30,12,12,12,12\nx';
  const recordings = [recording(text)];
  const seen: number[] = [];
  const { player } = await listened({ recordings }, ({ last }) => void seen.push(fromMoney(last)));
  player.play();
  expect(await player.finished).toEqual({ ticks: 8, keptOut: 2, problems: 1 });
  expect([...new Set(seen)]).toEqual([10, 11]);
  const history = await player.history.candles({ instrument: NIFTY.key, timeframe: '1m', from: 0, until: Infinity, limit: 10 });
  expect(history.ok && history.value.map(({ open }) => open)).toEqual([10, 11]);
});

test('the clock is at the tick while it is handed over and at the end of the last candle when all is over', async () => {
  const seen: boolean[] = [];
  const { player } = await listened({ recordings: [recording(THREE)] }, (tick) => void seen.push(player.clock.now() === tick.at));
  expect(player.clock.now()).toBe(at('09:15'));
  player.play();
  await player.finished;
  expect(seen).toEqual(Array.from({ length: 12 }, () => true));
  expect(player.clock.now()).toBe(at('09:18'));
});

test('the next tick comes when every listener is done with this one', async () => {
  const log: string[] = [];
  const { player } = await listened({ recordings: [recording('20220601 09:15,10,10,10,10')] }, async ({ at: moment }) => {
    log.push(`begin ${moment - at('09:15')}`);
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`end ${moment - at('09:15')}`);
  });
  player.play();
  await player.finished;
  expect(log).toEqual([0, 20_000, 40_000, 59_000].flatMap((moment) => [`begin ${moment}`, `end ${moment}`]));
});

test('it is stepped, played up to a time, halted and played on', async () => {
  const seen: Tick[] = [];
  const { player } = await listened({ recordings: [recording(THREE)] }, (tick) => {
    seen.push(tick);
    if (seen.length === 7) player.halt();
  });
  expect(await player.step(2)).toBe(2);
  await player.playUntil(at('09:16'));
  expect([seen.length, player.clock.now()]).toEqual([4, at('09:16')]);
  await player.playUntil(Infinity);
  expect(seen).toHaveLength(7);
  player.play();
  expect(await player.finished).toMatchObject({ ticks: 12 });
});

test('from and until bound what is played; what came before is history, what comes later is not known yet', async () => {
  const known: number[] = [];
  const { player } = await listened({ recordings: [recording(THREE)], from: at('09:16'), until: at('09:17') }, async () => {
    const candles = await player.history.candles({ instrument: NIFTY.key, timeframe: '1m', from: 0, until: Infinity, limit: 10 });
    if (candles.ok) known.push(candles.value.length);
  });
  expect(player.clock.now()).toBe(at('09:16'));
  player.play();
  await player.finished;
  expect(known).toEqual([1, 1, 1, 1]);
});

test('history gives the newest up to a limit within its bounds, and refuses what the files do not hold', async () => {
  const { player } = await listened({ recordings: [recording(THREE)] }, () => undefined);
  player.play();
  await player.finished;
  const ask = async (more: object) => {
    const answer = await player.history.candles({ instrument: NIFTY.key, timeframe: '1m', from: 0, until: Infinity, limit: 10, ...more });
    return answer.ok ? answer.value.map(({ open }) => open) : answer.denial.code;
  };
  expect([await ask({ limit: 2 }), await ask({ until: at('09:17') }), await ask({ from: at('09:16'), until: at('09:17') }), await ask({ limit: 0 })]).toEqual([[11, 12], [10, 11], [11], []]);
  expect([await ask({ timeframe: '1d' }), await ask({ instrument: BANKNIFTY.key })]).toEqual(['NOT_SUPPORTED', 'NOT_SUPPORTED']);
});

test('work at a recorded time is done in order, before ticks of that time, up to the end of the last candle, and is waited for', async () => {
  const log: string[] = [];
  const errors: string[] = [];
  const note = (what: string) => log.push(`${what} ${(player.clock.now() - at('09:15')) / 1_000}`);
  const { player } = await listened({ recordings: [recording('20220601 09:15,10,10,10,10')], log: { info: () => undefined, error: (_fields, message) => void errors.push(message) } }, () => void note('tick'));
  player.atTime(at('09:15:40'), async () => {
    await new Promise((resolve) => setImmediate(resolve));
    note('second');
    player.atTime(at('09:15:50'), () => void note('made on the way'));
  });
  player.atTime(at('09:15:10'), () => void note('first'));
  player.atTime(at('09:15:10'), () => { throw new Error('broken'); });
  player.atTime(at('09:16'), () => void note('end'));
  player.atTime(at('09:16') + 1, () => void note('too late'));
  player.atTime(at('09:15:30'), () => void note('cancelled'))();
  player.play();
  await player.finished;
  expect(log).toEqual(['tick 0', 'first 10', 'tick 20', 'second 40', 'tick 40', 'made on the way 50', 'tick 59', 'end 60']);
  expect(errors).toEqual(['work at a recorded time failed']);
});

test('at a pace real time passes between ticks, the clock flows with it, and nights are not waited for', async () => {
  const wall = manualClock(0);
  let waitedMs = 0;
  const between: number[] = [];
  const { player } = await listened({
    recordings: [recording('20220601 15:29,1,1,1,1\n20220602 09:15,2,2,2,2')], speed: 60, wall,
    pause: (ms) => {
      wall.advance(ms);
      waitedMs += ms;
      between.push(player.clock.now());
      return Promise.resolve();
    },
  }, () => undefined);
  player.play();
  await player.finished;
  // 59 s of the one day, the whole minute of the other.
  expect(waitedMs).toBeCloseTo((59_000 + 60_000) / 60, 3);
  expect(between).toEqual([...between].sort((a, b) => a - b));
  expect(between).toContain(at('15:29:15'));
});

test('it begins by itself a moment after the first subscription, and later while more is asked for: flows start one after the other', async () => {
  const pauses: (() => void)[] = [];
  const { player, connection } = await listened({ recordings: [recording(THREE)], starts: 'subscribed', pause: () => new Promise((resolve) => { pauses.push(resolve); }) }, () => undefined);
  const pass = async (): Promise<number> => {
    pauses.at(-1)?.();
    await new Promise((resolve) => setImmediate(resolve));
    return player.played().ticks;
  };
  player.atTime(at('09:15'), () => undefined);
  expect(await pass()).toBe(0);
  await connection.subscribe([NIFTY.key]);
  expect(await pass()).toBe(0);
  expect(pauses).toHaveLength(3);
  pauses.at(-1)?.();
  expect(await player.finished).toMatchObject({ ticks: 12 });
});

test('a closed player is finished and plays no more', async () => {
  const seen: Tick[] = [];
  const { player } = await listened({ recordings: [recording(THREE)] }, (tick) => {
    seen.push(tick);
    void player.close();
  });
  player.play();
  expect(await player.finished).toMatchObject({ ticks: 1 });
  player.play();
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toHaveLength(1);
});

test('a tick file is played as it stands, its empty sides left out', async () => {
  const text = 'time,price,quantity,bid,ask\n2022-06-01 09:15:01,100,5,99.95,100.05\n2022-06-01 09:15:02.500,100.05,,0,\n2022-06-01 09:08:00,99,1,,';
  expect(await ticksOf({ recordings: [recording(text, { holds: 'ticks' })] })).toEqual([
    { instrument: NIFTY.key, at: at('09:15:01'), last: toMoney(100), lastQuantity: 5, bid: toMoney(99.95), ask: toMoney(100.05) },
    { instrument: NIFTY.key, at: at('09:15:02') + 500, last: toMoney(100.05) },
  ]);
});

test.each<[string, string, Partial<RecordingOptions>, string]>([
  ['without a usable row', 'a\nb', {}, 'MALFORMED_BODY'],
  ['without times', '10,12,9,11,5', {}, 'MISSING_FIELD'],
  ['of days', '2022-06-01,10,12,9,11,5', { timeframeMs: 86_400_000 }, 'NOT_SUPPORTED'],
  ['whose prices no ledger holds', '20220601 09:15,1e300,1e300,1e300,1e300,5', {}, 'MALFORMED_BODY'],
])('a file %s is refused', (_what, text, options, code) => {
  expect(readRecording(text, { instrument: NIFTY, ...options })).toMatchObject({ ok: false, denial: { code } });
});

test('a file that is not there is refused', async () => {
  expect(await loadRecording(path.join(__dirname, 'no-such-file.csv'), { instrument: NIFTY })).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
});

test('two real months side by side: every row in session becomes four ticks, in order, the others are counted', async () => {
  const shared = path.resolve(__dirname, '../../../../../shared/data');
  const load = (name: string, instrument: Instrument) => recording(readFileSync(path.join(shared, `${name}.txt`), 'utf8'), { instrument, timeIs: 'end' });
  const recordings = [load('NIFTY-2022-JUN', NIFTY), load('BNF-2022-JUN', BANKNIFTY)];
  const rows = recordings.reduce((sum, { content }) => sum + (content.kind === 'candles' ? content.candles.length : 0), 0);
  let newest = 0;
  let ticks = 0;
  const wrong: Tick[] = [];
  const calendar = createSessions();
  const { player } = await listened({ recordings, sessions: calendar }, (tick) => {
    ticks += 1;
    if (tick.at < newest || !calendar.isOpen(NIFTY, tick.at)) wrong.push(tick);
    newest = tick.at;
  });
  player.play();
  const { keptOut, problems } = await player.finished;
  expect([wrong, problems]).toEqual([[], 0]);
  // Each of the 22 trading days has its pre-open print, some have rows after the close.
  expect(keptOut).toBeGreaterThanOrEqual(2 * 22);
  expect(keptOut).toBeLessThan(rows / 50);
  expect(ticks).toBe((rows - keptOut) * 4);
});
