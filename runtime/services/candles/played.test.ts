import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { backgroundPause } from '../../adapters/system/pause';
import { filePlayer } from '../../adapters/ticks/file/filePlayer';
import { readRecording, type Recording } from '../../adapters/ticks/file/recording';
import { higherCandlesOf, slotsOf } from '../../domain/candle';
import type { SeenCandle } from '../../domain/feed';
import { instrumentKey, type Instrument } from '../../domain/market';
import type { Log } from '../../domain/ports';
import { createSessions, createTradingCalendar, indiaTime } from '../../domain/session';
import { MINUTE_MS } from '../../domain/time';
import { createFeedHub } from '../feed';
import { createCandleBook } from './createCandleBook';

const SHARED = path.resolve(__dirname, '../../../../shared/data');
const present = existsSync(SHARED);
const calendar = createTradingCalendar();
const sessions = createSessions({ calendar });
const index = (symbol: string): Instrument => ({ key: instrumentKey('NSE_INDEX', symbol), exchange: 'NSE_INDEX', symbol, segment: 'index', base: symbol, lotSize: 1 });
const INSTRUMENTS = [{ instrument: index('NIFTY'), name: 'NIFTY' }, { instrument: index('BANKNIFTY'), name: 'BNF' }];
/** Two instruments over the first week of June 2022; BANKNIFTY is only watched, NIFTY is warmed up in the middle of a day. */
const FROM = indiaTime('2022-06-02', '11:07');
const UNTIL = indiaTime('2022-06-07', '15:30');

/** Turns of the event loop that a slow listener takes. */
const SLOW_TURNS = 50;

const failed = (fields: object, message: string): never => { throw new Error(`${message} ${JSON.stringify(fields)}`); };
const log: Log = { debug: () => undefined, info: () => undefined, warn: failed, error: failed };

function recordingOf(name: string, instrument: Instrument): Recording {
  const read = readRecording(readFileSync(path.join(SHARED, `${name}-2022-JUN.txt`), 'utf8'), { instrument, timeIs: 'end' });
  if (!read.ok) throw new Error(read.denial.message);
  return read.value;
}

/** What the file says that the candles are. */
function truth(recording: Recording, timeframe: string, from: number, until: number): readonly SeenCandle[] {
  const candles = recording.content.kind === 'candles' ? recording.content.candles : [];
  const minutes = candles.filter(({ time }) => calendar.sessionAt(recording.instrument, time) !== undefined && time + MINUTE_MS <= until).map((candle): SeenCandle => ({ candle, until: candle.time + MINUTE_MS, incomplete: false }));
  return higherCandlesOf(minutes, slotsOf(calendar, recording.instrument, timeframe), until).filter((seen) => seen.until > from);
}

async function played() {
  const recordings = INSTRUMENTS.map(({ instrument, name }) => recordingOf(name, instrument));
  const player = filePlayer({ recordings, sessions, from: FROM, until: UNTIL, starts: 'told' });
  const feed = createFeedHub({ source: player, clock: player.clock, pause: backgroundPause, log, random: () => 0.5 });
  const book = createCandleBook({ feed, calendar, clock: player.clock, pause: backgroundPause, log, history: player.history, atTime: (due, work) => player.atTime(due, work) });
  const told = new Map<string, SeenCandle[]>();
  const late: string[] = [];
  for (const { instrument } of recordings) {
    for (const timeframe of ['1m', '15m', '1h', '1d']) {
      const seen: SeenCandle[] = [];
      told.set(`${instrument.key} ${timeframe}`, seen);
      book.watch({ instrument, timeframe }, async (each) => {
        seen.push(each);
        if (player.clock.now() !== each.until) late.push(`${timeframe} ${each.until} at ${player.clock.now()}`);
        if (timeframe !== '15m') return;
        // What is asked for in the middle of it all: the candle itself is the newest one, on both timeframes that end with it.
        const [newest] = await closedOf({ instrument, timeframe: '15m' }, 1);
        const [minute] = await closedOf({ instrument, timeframe: '1m' }, 1);
        if (newest?.candle.time !== each.candle.time || minute?.until !== each.until) late.push(`15m asked at ${each.until}`);
      });
    }
  }
  const closedOf = async (request: { readonly instrument: Instrument; readonly timeframe: string }, limit: number): Promise<readonly SeenCandle[]> => {
    const found = await book.closed(request, { limit });
    if (!found.ok) throw new Error(found.denial.message);
    return found.value;
  };
  await new Promise((resolve) => setImmediate(resolve));
  player.play();
  await player.finished;
  const kept = await Promise.all(recordings.map(({ instrument }) => closedOf({ instrument, timeframe: '1h' }, 40)));
  await book.close();
  await feed.close();
  await player.close();
  return { told, late, kept, recordings };
}

test('the recording is where the tests look for it', () => {
  if (!present) process.stdout.write('\nNo recorded months beside the project: nothing is played\n');
  expect(present || process.env['CI'] !== 'true').toBe(true);
});

describe.each(present ? [['June 2022']] : [])('%s', () => {
  test('a recording that is played gives every candle of its file at the moment it ends, warm from the first one', async () => {
    const { told, late, kept, recordings } = await played();
    for (const recording of recordings) {
      for (const timeframe of ['1m', '15m', '1h', '1d']) expect(told.get(`${recording.instrument.key} ${timeframe}`)).toEqual(truth(recording, timeframe, FROM, UNTIL));
    }
    expect(late).toEqual([]);
    expect(kept).toEqual(recordings.map((recording) => truth(recording, '1h', 0, UNTIL).slice(-40)));
  });

  test('played again it tells the same in the same order', async () => {
    const [one, other] = [await played(), await played()];
    expect([...one.told]).toEqual([...other.told]);
  });

  test('a candle that a question closes is told like any other: the recording waits for whoever hears of it', async () => {
    const instrument = index('NIFTY');
    const [asked, until] = [indiaTime('2022-06-02', '11:30'), indiaTime('2022-06-02', '11:45')];
    const player = filePlayer({ recordings: [recordingOf('NIFTY', instrument)], sessions, from: FROM, until, starts: 'told' });
    const feed = createFeedHub({ source: player, clock: player.clock, pause: backgroundPause, log, random: () => 0.5 });
    // Made before the book's own appointment of that time, as a schedule's is.
    player.atTime(asked, async () => { await book.closed({ instrument, timeframe: '15m' }, { limit: 1 }); });
    const book = createCandleBook({ feed, calendar, clock: player.clock, pause: backgroundPause, log, history: player.history, atTime: (due, work) => player.atTime(due, work) });
    const ended: number[] = [];
    book.watch({ instrument, timeframe: '15m' }, async () => {
      for (let turn = 0; turn < SLOW_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      ended.push(player.clock.now());
    });
    player.play();
    await player.finished;
    expect(ended).toEqual([indiaTime('2022-06-02', '11:15'), asked, until]);
    await book.close();
    await feed.close();
    await player.close();
  });
});
