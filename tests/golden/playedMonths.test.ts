import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { backgroundPause } from '../../runtime/adapters/system/pause';
import { filePlayer } from '../../runtime/adapters/ticks/file/filePlayer';
import { readRecording, type Recording } from '../../runtime/adapters/ticks/file/recording';
import type { SeenCandle } from '../../runtime/domain/feed';
import { columnsOf } from '../../runtime/domain/indicators/core/columns';
import { INDICATORS } from '../../runtime/domain/indicators/indicators';
import { instrumentKey, type Instrument } from '../../runtime/domain/market';
import { createSessions, createTradingCalendar } from '../../runtime/domain/session';
import { createCandleBook } from '../../runtime/services/candles';
import { createFeedHub } from '../../runtime/services/feed';
import { silentLog } from '../doubles/ingressWorld';
import { leaks, variantsOf } from './leaks';

/** The whole way of real months: file player, feed hub, candle book, every indicator. Read in place, never copied. */
const SHARED = path.resolve(__dirname, '../../../shared/data');
const present = existsSync(SHARED);
const calendar = createTradingCalendar();
const sessions = createSessions({ calendar });
const index = (symbol: string): Instrument => ({ key: instrumentKey('NSE_INDEX', symbol), exchange: 'NSE_INDEX', symbol, segment: 'index', base: symbol, lotSize: 1 });
const MONTHS = [['NIFTY', 'NIFTY'], ['BNF', 'BANKNIFTY']].flatMap(([file = '', symbol = '']) => ['JUN', 'JUL'].map((month) => ({ file: `${file}-2022-${month}.txt`, instrument: index(symbol) })));

function recordingOf(file: string, instrument: Instrument): Recording {
  const read = readRecording(readFileSync(path.join(SHARED, file), 'utf8'), { instrument, timeIs: 'end' });
  if (!read.ok) throw new Error(read.denial.message);
  return read.value;
}

/** Plays one file as fast as it goes; the one-minute candles as they closed. */
async function playedMinutes(recording: Recording): Promise<{ readonly seen: readonly SeenCandle[]; readonly keptOut: number }> {
  const player = filePlayer({ recordings: [recording], sessions, starts: 'told' });
  const feed = createFeedHub({ source: player, clock: player.clock, pause: backgroundPause, log: silentLog, random: () => 0.5 });
  const book = createCandleBook({ feed, calendar, clock: player.clock, pause: backgroundPause, log: silentLog, history: player.history, atTime: (due, work) => player.atTime(due, work) });
  const seen: SeenCandle[] = [];
  book.watch({ instrument: recording.instrument, timeframe: '1m' }, (each) => { seen.push(each); });
  await new Promise((resolve) => setImmediate(resolve));
  player.play();
  const { keptOut } = await player.finished;
  await book.close();
  await feed.close();
  return { seen, keptOut };
}

test('the months are where the test looks for them', () => {
  if (!present) process.stdout.write('\nNo real months beside the project: none is played\n');
  expect(present || process.env['CI'] !== 'true').toBe(true);
});

describe.each(present ? MONTHS : [])('$file', ({ file, instrument }) => {
  let recording: Recording;
  let seen: readonly SeenCandle[];
  let keptOut: number;
  beforeAll(async () => {
    recording = recordingOf(file, instrument);
    ({ seen, keptOut } = await playedMinutes(recording));
  });

  test('every row inside a session is a candle, the print before the open and rows after the close are kept out', () => {
    const rows = recording.content.kind === 'candles' ? recording.content.candles : [];
    const inside = rows.filter(({ time }) => calendar.sessionAt(instrument, time) !== undefined);
    expect(seen.map(({ candle }) => candle.time)).toEqual(inside.map(({ time }) => time));
    expect(seen.filter(({ incomplete }) => incomplete)).toEqual([]);
    expect(keptOut).toBe(rows.length - inside.length);
    expect(keptOut).toBeGreaterThan(0);
  });

  test('no indicator loses a value once it has begun', () => {
    const columns = columnsOf(seen.map(({ candle }) => ({ ...candle, session: calendar.sessionAt(instrument, candle.time)?.from })));
    const lost = INDICATORS.flatMap((spec) => variantsOf(spec).flatMap((parameters) => leaks(spec, parameters, columns)));
    expect(lost).toEqual([]);
  });
});
