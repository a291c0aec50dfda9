import { evaluate, plan, timeframeMs, type Condition } from '../../runtime/domain/condition';
import type { SeenCandle, SeriesSnapshot, Tick } from '../../runtime/domain/feed';
import type { Instrument } from '../../runtime/domain/market';
import { SECOND_MS } from '../../runtime/domain/time';
import type { TriggerContext } from '../../runtime/domain/trigger';
import type { Envelope } from '../../runtime/domain/envelope';
import { conditionView } from '../conditionView';
import type { Board } from './board';
import { candleEarlier, lookupsEarlier } from './earlier';
import { Edge } from './edge';
import { candleItem, tickItem } from './item';
import type { MarketTriggerParams } from './parameters';

/** One symbol of a trigger, and where it speaks. */
export interface Watched {
  readonly instrument: Instrument;
  readonly params: MarketTriggerParams;
  /** Canonical. */
  readonly timeframe: string;
  readonly context: TriggerContext;
  readonly board: Board;
}

/** Ends one watch. */
export type End = () => void;

/** A candle's signal is an entry no more when so many further candles have closed. */
const GOOD_FOR_CANDLES = 2;

/** Ticks: lost with the process, because the next one comes anyway. */
export function watchTicks({ instrument, params, context }: Watched): End {
  const isDue = atMostEvery(params.minSeconds, context);
  return context.onTick(instrument, (tick: Tick) => {
    if (!isDue()) return undefined;
    return said(context.emit({ key: `${instrument.key} tick ${tick.at}`, happenedAt: tick.at, durable: false, item: tickItem(instrument, tick, params) }));
  }, 'newest');
}

/** Closed candles, and the forming one where that is wanted. One with a hole is passed over: nothing is decided on half a candle. */
export function watchCandles(watched: Watched): End {
  const { instrument, params, timeframe, context, board } = watched;
  const isDue = atMostEvery(params.minSeconds, context);
  return context.candles.watch({ instrument, timeframe }, (seen) => {
    if (!seen.candle.closed) return isDue() ? sayForming(watched, seen) : undefined;
    if (seen.incomplete) {
      board.incomplete(instrument, seen.candle.time);
      return undefined;
    }
    board.judged(instrument, true);
    return sayClosed(watched, seen, candleItem(instrument, seen, timeframe, params, seen.until));
  }, params.forming ? { forming: true } : {});
}

/** A condition, judged with every candle that closes. */
export function watchCondition(watched: Watched, condition: Condition): End {
  const { instrument, params, timeframe, context, board } = watched;
  const edge = new Edge(params);
  const lookups = plan(condition);
  const request = { instrument, timeframe, lookups: [...lookups, ...lookupsEarlier(lookups)], convention: params.convention };
  return context.series.watch(request, ({ newest, series }: SeriesSnapshot) => {
    if (newest.incomplete) {
      board.incomplete(instrument, newest.candle.time);
      return undefined;
    }
    const evaluation = evaluate(condition, series);
    board.judged(instrument, evaluation.truth !== 'unknown');
    if (!edge.fires(evaluation.truth, () => evaluate(condition, candleEarlier(series)).truth)) return undefined;
    return sayClosed(watched, newest, { ...candleItem(instrument, newest, timeframe, params, newest.until), condition: conditionView(condition, evaluation) });
  }, { condition, again: params.again });
}

function sayClosed({ instrument, timeframe, context, board }: Watched, { candle, until }: SeenCandle, item: Envelope): Promise<void> {
  board.fired(instrument, until);
  return said(context.emit({ key: `${instrument.key} ${timeframe} ${candle.time}`, happenedAt: until, goodForMs: GOOD_FOR_CANDLES * timeframeMs(timeframe), item }));
}

function sayForming({ instrument, params, timeframe, context }: Watched, seen: SeenCandle): Promise<void> {
  const now = context.now();
  return said(context.emit({ key: `${instrument.key} ${timeframe} ${seen.candle.time} forming ${now}`, happenedAt: now, durable: false, item: candleItem(instrument, seen, timeframe, params, now) }));
}

/** True at most once in so many seconds, by the runtime's clock. */
function atMostEvery(seconds: number, context: Pick<TriggerContext, 'now'>): () => boolean {
  let last = -Infinity;
  return () => {
    const now = context.now();
    if (now - last < seconds * SECOND_MS && now >= last) return false;
    last = now;
    return true;
  };
}

/** A recorded market waits until the flow has ended with it. */
async function said(end: Promise<unknown>): Promise<void> {
  await end;
}
