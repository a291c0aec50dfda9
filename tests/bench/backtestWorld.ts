import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as definitions from '../../nodes';
import { PaperAccount } from '../../runtime/domain/account';
import type { BacktestResult } from '../../runtime/domain/backtest';
import type { CandleColumns } from '../../runtime/domain/candle';
import { createCatalogue } from '../../runtime/domain/instrument';
import { instrumentKey, type Instrument } from '../../runtime/domain/market';
import { createTradingCalendar } from '../../runtime/domain/session';
import { MINUTE_MS } from '../../runtime/domain/time';
import { readN8n, runBacktest } from '../../runtime/hosts/replay';
import { generator } from '../golden/randomBars';

export const CANDLES = 1_000_000;
const PER_SESSION = 375;

/** Enough years of trading days for a million minutes; the bundled one begins with 2020. */
export const calendar = createTradingCalendar({ overrides: { years: [2014, 2015, 2016, 2017, 2018, 2019], days: [], hours: [] } });
export const INSTRUMENT = instrument();

/** What the flow trades with: nothing in its way but costs. */
export const ACCOUNT = PaperAccount.parse({ capital: 10_000_000, limits: { maxDailyOrders: 10_000, cooldownMs: 0 } });

function instrument(): Instrument {
  const found = createCatalogue().find(instrumentKey('NSE', 'SBIN'));
  if (found === undefined) throw new Error('SBIN is not listed.');
  return found;
}

/** A share that wanders, on the tick, minute by minute over years of sessions. */
export function minutes(count = CANDLES): CandleColumns {
  const random = generator(7);
  const dates = calendar.tradingDays(INSTRUMENT, '2014-01-01', '2026-07-31');
  const column = (): Float64Array => new Float64Array(count);
  const made = { length: count, time: column(), open: column(), high: column(), low: column(), close: column(), volume: column(), session: column() };
  let last = 800;
  for (let index = 0; index < count; index += 1) {
    const date = dates[Math.floor(index / PER_SESSION)];
    if (index % PER_SESSION === 0) made.session[index] = opening(date);
    else made.session[index] = made.session[index - 1] ?? NaN;
    made.time[index] = (made.session[index] ?? NaN) + (index % PER_SESSION) * MINUTE_MS;
    const open = last;
    const close = Math.max(200, Math.min(3_000, onTick(open * (1 + (random() - 0.5) * 0.0016))));
    made.open[index] = open;
    made.close[index] = close;
    made.high[index] = onTick(Math.max(open, close) + random() * 0.4);
    made.low[index] = onTick(Math.min(open, close) - random() * 0.4);
    made.volume[index] = 4_000 + Math.floor(random() * 4_000);
    last = close;
  }
  return made;
}

function opening(date: string | undefined): number {
  const day = date === undefined ? undefined : calendar.day(INSTRUMENT, date);
  const [session] = day?.kind === 'open' ? day.sessions : [];
  if (session === undefined) throw new Error('The calendar is too short.');
  return session.from;
}

function onTick(price: number): number {
  return Math.round(price * 20) / 20;
}

export function shippedFlow(root: string) {
  const file: unknown = JSON.parse(readFileSync(path.join(root, 'flows', 'n8n', 'EMA crossover.json'), 'utf8'));
  const graph = readN8n(file, Object.values(definitions));
  if (!graph.ok) throw new Error(graph.denial.message);
  return graph.value;
}

/** The shipped flow in lane A. */
export async function laneA(graph: ReturnType<typeof shippedFlow>, columns: CandleColumns): Promise<BacktestResult> {
  const [from = 0] = columns.time;
  const result = await runBacktest({
    graph, name: 'EMA crossover', calendar,
    terms: { data: [{ instrument: INSTRUMENT, timeframeMs: MINUTE_MS, columns }], from, until: (columns.time.at(-1) ?? 0) + MINUTE_MS, account: ACCOUNT, charges: 'exchange' },
  });
  if (!result.ok) throw new Error(result.denial.message);
  return result.value;
}
