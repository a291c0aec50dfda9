import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { readCandleFile } from '../../runtime/adapters/candleFile/readCandleFile';
import { countingIds } from '../../runtime/adapters/system/manual';
import { filePlayer, type FilePlayer } from '../../runtime/adapters/ticks/file/filePlayer';
import type { Recording } from '../../runtime/adapters/ticks/file/recording';
import type { Candle } from '../../runtime/domain/candle';
import { ok } from '../../runtime/domain/denial';
import { createCatalogue } from '../../runtime/domain/instrument';
import { instrumentKey, type Instrument } from '../../runtime/domain/market';
import { fromMoney } from '../../runtime/domain/money';
import type { Order } from '../../runtime/domain/order';
import { createSessions, createTradingCalendar, indiaTime } from '../../runtime/domain/session';
import { INDIA_ZONE, MINUTE_MS } from '../../runtime/domain/time';
import type { Source } from '../../runtime/domain/trigger';
import { canonicalIntents, type ReplayedFlow } from '../../runtime/hosts/replay';
import { openRuntime } from '../../runtime/open';
import type { Runtime } from '../../runtime/runtime';
import { silentLog } from './ingressWorld';
import { recordingNotifier } from './recordingNotifier';
import { shippedFlow, valueOf, type HOSTS } from './shippedFlow';

/** Real months of two indices, read in place, never copied. */
const SHARED = path.resolve(__dirname, '../../../shared/data');
export const REAL_MONTHS_ARE_HERE = existsSync(SHARED);

const instruments = createCatalogue();
const sessions = createSessions({ calendar: createTradingCalendar() });
const months = new Map<Course['of'], readonly Candle[]>();

/**
 * A share that moves as an index did in June 2022: nobody can trade an index, and a twentieth of NIFTY costs what SBIN costs.
 * `mirrored` falls where the index rises.
 */
export interface Course {
  readonly symbol: string;
  readonly of: 'NIFTY' | 'BNF';
  readonly factor: number;
  readonly mirrored?: boolean;
}

function recordingOf({ symbol, of, factor, mirrored = false }: Course): Recording {
  const first = monthOf(of)[0]?.open ?? 0;
  const price = (value: number): number => Math.round((mirrored ? 2 * first - value : value) * factor * 20) / 20;
  const candles = monthOf(of).map(({ open, high, low, close, ...rest }) => ({ ...rest, open: price(open), high: price(mirrored ? low : high), low: price(mirrored ? high : low), close: price(close) }));
  return { instrument: listing(symbol), content: { kind: 'candles', candles, timeframeMs: MINUTE_MS }, problems: [], problemCount: 0 };
}

function monthOf(index: Course['of']): readonly Candle[] {
  const known = months.get(index) ?? readCandleFile(readFileSync(path.join(SHARED, `${index}-2022-JUN.txt`), 'utf8'), { timeIs: 'end' }).candles;
  months.set(index, known);
  return known;
}

function listing(symbol: string): Instrument {
  const instrument = instruments.find(instrumentKey('NSE', symbol));
  if (instrument === undefined) throw new Error(`${symbol} is not listed.`);
  return instrument;
}

export interface PlayOptions {
  readonly host: (typeof HOSTS)[number];
  readonly flow: string;
  readonly courses: readonly Course[];
  /** Day and time in India, `2022-06-08 09:00`. What was recorded before `from` is history. */
  readonly from: string;
  readonly until: string;
  /** What others do on the same account, at times of the recording (`2022-06-08 09:30`). */
  readonly meanwhile?: Readonly<Record<string, (runtime: Runtime) => Promise<void>>>;
}

export interface PlayedFlow {
  /** `06-08 10:40 BUY 10 SBIN 823.3`, in order. */
  readonly orders: readonly string[];
  readonly alerts: readonly string[];
  /** Byte for byte the same for the same decisions; see canonicalIntents. */
  readonly intents: string;
}

/** A flow that we ship, on the paper account, while a recorded market is played as if it were happening. */
export async function playFlow({ host, flow: name, courses, from, until, meanwhile = {} }: PlayOptions): Promise<PlayedFlow> {
  let flow: ReplayedFlow | undefined;
  const player = restful(filePlayer({ recordings: courses.map(recordingOf), sessions, starts: 'told', from: timeOf(from), until: timeOf(until) }), () => flow);
  const runtime = await openRuntime({ home: ':memory:', ids: countingIds('p'), log: silentLog, pause: () => Promise.resolve(), notifier: recordingNotifier(), feed: { kind: 'player', player } });
  try {
    flow = await shippedFlow(runtime, host, name, {}, 'live');
    await watchAll(runtime, courses);
    for (const [time, work] of Object.entries(meanwhile)) player.atTime(timeOf(time), () => work(runtime));
    player.play();
    await player.finished;
    await flow.idle();
    return {
      orders: (await runtime.store.orders({ limit: 1_000 })).toReversed().map(orderText),
      alerts: (await runtime.store.alerts({ limit: 1_000 })).toReversed().map(({ severity, message }) => `${severity} ${message}`),
      intents: canonicalIntents(await runtime.store.intents({ limit: 1_000 })),
    };
  } finally {
    await flow?.close();
    await runtime.close();
    await player.close();
  }
}

/** What a schedule starts is over before the recording goes on: every run is the same. */
function restful(player: FilePlayer, flow: () => ReplayedFlow | undefined): FilePlayer {
  return {
    ...player,
    atTime: (due, work) => player.atTime(due, async () => {
      await work();
      await nextTurn();
      await flow()?.idle();
    }),
  };
}

/** Somebody else watches these symbols already: their prices are known when a flow asks for the first time. */
async function watchAll(runtime: Runtime, courses: readonly Course[]): Promise<void> {
  const definition: Source & { readonly type: string } = {
    type: 'somebodyElse',
    start(_params, context) {
      for (const { symbol } of courses) context.onTick(listing(symbol), () => undefined);
      return ok(undefined);
    },
  };
  valueOf(await runtime.triggers.start({ definition, params: {}, nodeKey: 'else', strategyId: 'else' }, () => Promise.resolve()));
}

function timeOf(text: string): number {
  const [date = '', time = ''] = text.split(' ');
  return indiaTime(date, time);
}

function orderText({ createdAt, action, filledQuantity, instrument, averagePrice, status }: Order): string {
  const price = averagePrice === undefined ? status : String(fromMoney(averagePrice));
  return `${DateTime.fromMillis(createdAt, { zone: INDIA_ZONE }).toFormat('MM-dd HH:mm')} ${action} ${filledQuantity} ${instrument.replace('NSE:', '')} ${price}`;
}
