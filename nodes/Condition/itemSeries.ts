import type { AsOf, Series } from '../../runtime/domain/condition';
import type { Envelope } from '../../runtime/domain/envelope';
import { positionFields } from './position';

/** Levels that stand until somebody changes them: a candle ago they were the same. */
const LEVELS: ReadonlySet<string> = new Set(['stopLoss', 'target', 'limitPrice', 'triggerPrice', 'position.averagePrice']);

/** Longest path that is followed into an item. */
const MAX_DEPTH = 12;

/**
 * The fields of an item, and behind them the market's values where there are any.
 * A field's earlier values are those that an Indicator node brought along (`indicators.previous`); a level's are the level itself; others are unknown.
 */
export function itemSeries(item: Envelope, market: Series | undefined): Series {
  return {
    value(source, offset, timeframe, asOf) {
      if (source.kind !== 'field') return market?.value(source, offset, timeframe, asOf);
      const ago = offset + stepsBack(asOf);
      if (ago === 0 || LEVELS.has(source.path)) return scalar(at(item, source.path));
      if (Number.isNaN(ago) || !source.path.startsWith('indicators.')) return undefined;
      const earlier = at(item, source.path.replace('indicators.', 'indicators.previous.'));
      return Array.isArray(earlier) ? scalar(earlier[ago - 1]) : undefined;
    },
  };
}

/** Steps in another timeframe than the item's own say nothing about its earlier values. */
function stepsBack(asOf: AsOf | undefined): number {
  if (asOf === undefined) return 0;
  return asOf.timeframe === undefined ? asOf.candles : NaN;
}

function at(item: Envelope, path: string): unknown {
  const names = path.split('.');
  const [root] = names;
  if (root === 'item') return follow(item, names.slice(1));
  if (root === 'position') return follow(positionFields(item['position']), names.slice(1));
  return follow(item, names);
}

function follow(value: unknown, names: readonly string[]): unknown {
  if (names.length > MAX_DEPTH) return undefined;
  return names.reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name) ? Reflect.get(inner, name) : undefined), value);
}

function scalar(value: unknown): number | boolean | undefined {
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
