import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DateTime } from 'luxon';
import * as definitions from '../../nodes';
import type { Recording } from '../../runtime/adapters/ticks/file/recording';
import { PaperAccount } from '../../runtime/domain/account';
import type { BacktestResult, BacktestTerms, RecordedCandles } from '../../runtime/domain/backtest';
import type { Candle, CandleColumns } from '../../runtime/domain/candle';
import { fromMoney } from '../../runtime/domain/money';
import type { Order } from '../../runtime/domain/order';
import { INDIA_ZONE } from '../../runtime/domain/time';
import { canonicalIntents, readN8n, readNodeRed, runBacktest, type BacktestRequest, type FlowGraph } from '../../runtime/hosts/replay';
import { atIndiaTime, recordingOf, type Course } from './courses';
import type { PlayedFlow, PlayOptions } from './playedFlow';
import { valueOf, type HOSTS } from './shippedFlow';

/** Candles by column. */
export function columnsOfCandles(candles: readonly Candle[]): CandleColumns {
  const column = (pick: (candle: Candle) => number): Float64Array => Float64Array.from(candles, pick);
  return {
    length: candles.length, time: column(({ time }) => time), open: column(({ open }) => open), high: column(({ high }) => high), low: column(({ low }) => low), close: column(({ close }) => close),
    volume: column(({ volume }) => volume), session: new Float64Array(candles.length).fill(NaN),
  };
}

export function recordedCandles(course: Course | Recording): RecordedCandles {
  const { instrument, content } = 'content' in course ? course : recordingOf(course);
  if (content.kind !== 'candles') throw new Error('Ticks are not walked.');
  return { instrument, timeframeMs: content.timeframeMs, columns: columnsOfCandles(content.candles) };
}

/** A flow file that we ship, as a graph. */
export function shippedGraph(host: (typeof HOSTS)[number], name: string): FlowGraph {
  const file: unknown = JSON.parse(readFileSync(path.join(__dirname, '../../flows', host, `${name}.json`), 'utf8'));
  return valueOf((host === 'n8n' ? readN8n : readNodeRed)(file, Object.values(definitions)));
}

export function termsOf({ courses, from, until }: Pick<PlayOptions, 'courses' | 'from' | 'until'>, account: object = {}): BacktestTerms {
  return { data: courses.map(recordedCandles), from: atIndiaTime(from), until: atIndiaTime(until), account: PaperAccount.parse(account), charges: 'exchange' };
}

/** The flow in lane A, its orders meeting prices as those of a paper account do. */
export async function backtestFlow({ host, flow, starts = {}, ...options }: Omit<PlayOptions, 'meanwhile'>, more: Partial<BacktestRequest> = {}): Promise<BacktestResult> {
  const clicks = Object.entries(starts).map(([time, nodeKey]) => ({ at: atIndiaTime(time), nodeKey, item: {} }));
  return valueOf(await runBacktest({ graph: shippedGraph(host, flow), name: flow, terms: termsOf(options), orders: 'atOnce', starts: clicks, ...more }));
}

/** What it left, in the words of a flow that was played on the real runtime. */
export function playedIn({ orders, alerts, intents }: BacktestResult): PlayedFlow {
  return { orders: orders.map(orderText), alerts: alerts.map(({ severity, message }) => `${severity} ${message}`), intents: canonicalIntents(intents) };
}

function orderText({ createdAt, action, filledQuantity, instrument, averagePrice, status }: Order): string {
  const price = averagePrice === undefined ? status : String(fromMoney(averagePrice));
  return `${DateTime.fromMillis(createdAt, { zone: INDIA_ZONE }).toFormat('MM-dd HH:mm')} ${action} ${filledQuantity} ${instrument.replace('NSE:', '')} ${price}`;
}
