import type { AsOf, Lookup, Series } from '../../runtime/domain/condition';

/**
 * The same series as it was known one candle of the flow earlier. Steps that are counted in another timeframe can not be moved by a candle of the flow:
 * what asks for them is unknown.
 */
export function candleEarlier(series: Series): Series {
  return {
    value(source, offset, timeframe, asOf) {
      const moved = movedBack(offset, timeframe, asOf);
      return moved === undefined ? undefined : series.value(source, moved.offset, timeframe, moved.asOf);
    },
  };
}

/** The questions that `candleEarlier` asks for these. */
export function lookupsEarlier(lookups: readonly Lookup[]): readonly Lookup[] {
  return lookups.flatMap((lookup) => {
    const moved = movedBack(lookup.offset, lookup.timeframe, lookup.asOf);
    const { source, timeframe, text } = lookup;
    return moved === undefined ? [] : [{ source, ...moved, ...(timeframe === undefined ? {} : { timeframe }), text: `${text}, a candle earlier` }];
  });
}

function movedBack(offset: number, timeframe: string | undefined, asOf: AsOf | undefined): { readonly offset: number; readonly asOf?: AsOf } | undefined {
  if (asOf !== undefined) return asOf.timeframe === undefined ? { offset, asOf: { candles: asOf.candles + 1 } } : undefined;
  return timeframe === undefined ? { offset: offset + 1 } : { offset, asOf: { candles: 1 } };
}
