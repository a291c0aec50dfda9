import { evaluate, plan, type Condition, type Evaluation, type Lookup, type Truth, type Value } from '../condition';
import { evaluateValue, Witness } from '../condition/evaluateValue';
import { lookupOf, readingsOf } from '../condition/lookup';
import type { Candle } from '../candle/candle';
import { ok, type Outcome } from '../denial';
import { History, type HistoryOptions } from './history';

const NOW = { back: 0 } as const;

/** What evaluating a value will ask. */
export function planOfValue(value: Value): readonly Lookup[] {
  return [...new Map(readingsOf(value).map((reading) => lookupOf(reading, NOW)).map((lookup) => [lookup.text, lookup])).values()];
}

/**
 * The condition as of each closed candle, oldest first: what it would have said then, and why. Nothing depends on later candles.
 * Denies INVALID_PARAMETER for a timeframe that can not be made of the candles.
 */
export function evaluateOver(condition: Condition, candles: readonly Candle[], options: HistoryOptions): Outcome<readonly Evaluation[]> {
  const history = new History(candles, options);
  const possible = history.check(plan(condition));
  return possible.ok ? ok(candles.map((_, index) => evaluate(condition, history.at(index)))) : possible;
}

/** As `evaluateOver`, without the reasons. */
export function truthsOver(condition: Condition, candles: readonly Candle[], options: HistoryOptions): Outcome<readonly Truth[]> {
  const evaluated = evaluateOver(condition, candles, options);
  return evaluated.ok ? ok(evaluated.value.map(({ truth }) => truth)) : evaluated;
}

/** A value as of each closed candle, null where it is not known. What is true or false stays so: `squeeze.on`, `bullish engulfing`. */
export function valuesOver(value: Value, candles: readonly Candle[], options: HistoryOptions): Outcome<readonly (number | boolean | null)[]> {
  const history = new History(candles, options);
  const possible = history.check(planOfValue(value));
  if (!possible.ok) return possible;
  return ok(candles.map((_, index) => {
    const series = history.at(index);
    if (value.kind === 'reading') return finite(series.value(value.source, value.offset, value.timeframe));
    return finite(evaluateValue(value, NOW, new Witness(series)));
  }));
}

function finite(value: number | boolean | undefined): number | boolean | null {
  return value === undefined || (typeof value === 'number' && !Number.isFinite(value)) ? null : value;
}
