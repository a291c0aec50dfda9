import { deny, ok } from '../../../domain/denial';
import type { History } from '../../../domain/feed';
import type { Clock } from '../../../domain/ports';
import { MINUTE_MS } from '../../../domain/time';
import type { Recording } from './recording';

/** The recordings' one-minute candles as history: those that are complete at the recorded now. What comes later is not known yet, to anyone. */
export function recordedHistory(recordings: readonly Recording[], clock: Clock): History {
  const byInstrument = new Map(recordings.map(({ instrument, content }) => [instrument.key, content]));
  return {
    candles({ instrument, timeframe, from, until, limit }) {
      const content = byInstrument.get(instrument);
      if (content === undefined || content.kind === 'ticks' || timeframe !== '1m' || content.timeframeMs !== MINUTE_MS) {
        return Promise.resolve(deny('NOT_SUPPORTED', `The files hold no ${timeframe} candles of ${instrument}.`));
      }
      const { candles } = content;
      const end = firstAtOrAfter(candles, Math.min(until, clock.now() - MINUTE_MS + 1));
      const start = Math.max(firstAtOrAfter(candles, from), end - limit);
      return Promise.resolve(ok(candles.slice(Math.min(start, end), end)));
    },
  };
}

/** Index of the first candle that starts at or after `time`. */
function firstAtOrAfter(candles: readonly { readonly time: number }[], time: number): number {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((candles[middle]?.time ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
