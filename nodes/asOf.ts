import { readTimeframe } from '../runtime/domain/condition';
import type { CandleView, Envelope } from '../runtime/domain/envelope';
import type { SeenCandle } from '../runtime/domain/feed';
import type { EpochMs } from '../runtime/domain/time';
import { z } from 'zod';
import { field } from '../runtime/hosts/field';

/** What a node takes where neither it nor the item says. */
export const DEFAULT_TIMEFRAME = '5m';

export const timeframeField = z.string().max(10).optional().refine((text) => text === undefined || readTimeframe(text) !== undefined, 'write 1m, 5m, 15m, 1h, 1d or any whole multiple');

/** The timeframe of a node that looks at candles. */
export const timeframeFields = {
  timeframe: timeframeField.register(field, { label: 'Timeframe', placeholder: '5m', help: 'Empty takes that of the incoming candle, 5m where there is none. 1m, 5m, 15m, 1h, 1d or any whole multiple.' }),
};

/** Parameter before item before default, in canonical spelling. */
export function timeframeOf(params: { readonly timeframe?: string | undefined }, item: Pick<Envelope, 'candle'>): string {
  return readTimeframe(params.timeframe ?? item.candle?.timeframe ?? DEFAULT_TIMEFRAME) ?? DEFAULT_TIMEFRAME;
}

/** The moment an item is about: the close of its candle. Absent where it has none: then it is now. */
export function asOfItem({ candle }: Pick<Envelope, 'candle'>): { readonly asOf?: EpochMs } {
  return candle?.until === undefined ? {} : { asOf: candle.until };
}

/** A candle as items carry it. */
export function candleView({ candle, incomplete, until }: SeenCandle, timeframe: string): CandleView {
  const { time, open, high, low, close, volume, closed } = candle;
  return { timeframe, time, until, open, high, low, close, volume, closed, ...(incomplete ? { incomplete } : {}) };
}
