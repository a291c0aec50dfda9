import { plan, type Lookup, type Value } from '../../runtime/domain/condition';
import { evaluateValue, Witness } from '../../runtime/domain/condition/evaluateValue';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { Envelope } from '../../runtime/domain/envelope';
import type { SeriesSnapshot } from '../../runtime/domain/feed';
import type { SymbolQuery } from '../../runtime/domain/nodeContext';
import { candleView } from '../asOf';
import { overTime, readExpression } from '../Indicator/expressions';

/** What symbols are ranked by. */
export interface Yardstick {
  readonly value: Value;
  readonly lookups: readonly Lookup[];
}

export interface RankingRule {
  readonly timeframe: string;
  readonly order: 'highest' | 'lowest';
  readonly top: number;
  /** `picks`: the best alone; `all`: every symbol that has a value. */
  readonly keep: 'picks' | 'all';
}

/** Reads `roc(20)`, `close / sma(50)`. Denies INVALID_PARAMETER with the column. */
export function yardstickOf(text: string): Outcome<Yardstick> {
  const read = readExpression(text);
  if (!read.ok) return deny('INVALID_PARAMETER', `Column ${read.problem.column}: ${read.problem.message}`, { field: 'rankBy', ...(read.problem.remedy === undefined ? {} : { remedy: read.problem.remedy }) });
  if (read.value.kind !== 'value') return deny('INVALID_PARAMETER', `"${text}" is true or false; symbols are ranked by a number.`, { field: 'rankBy', remedy: 'Write an indicator or a sum, such as roc(20).' });
  const { value } = read.value;
  return ok({ value, lookups: plan(overTime(value, 0)) });
}

interface Scored {
  readonly snapshot: SeriesSnapshot;
  readonly score: number;
}

/**
 * One item a symbol, best first: `rank` from 1, `score`, `picked`, its candle. Equal scores keep the order of the list.
 * A symbol without a value has no rank and is named in `unranked`. Refuses where none has one.
 */
export function rankedItems(item: Envelope, { value }: Yardstick, rule: RankingRule, asked: readonly SymbolQuery[], outcomes: readonly Outcome<SeriesSnapshot>[]): Outcome<readonly Envelope[]> {
  const scored: Scored[] = [];
  const unranked: string[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const score = outcome.ok ? scoreOf(value, outcome.value) : outcome.denial.message;
    if (outcome.ok && typeof score === 'number') scored.push({ snapshot: outcome.value, score });
    else unranked.push(`${asked[index]?.symbol ?? ''}: ${score}`);
  }
  if (scored.length === 0) return deny('NOT_READY', `No symbol can be ranked. ${unranked.join('; ')}`, { remedy: 'Wait for more candles, or check the symbols.' });
  const sign = rule.order === 'highest' ? -1 : 1;
  const ordered = scored.toSorted((left, right) => sign * (left.score - right.score));
  const kept = rule.keep === 'all' ? ordered : ordered.slice(0, rule.top);
  return ok(kept.map(({ snapshot: { instrument, newest }, score }, index) => ({
    ...item, exchange: instrument.exchange, symbol: instrument.symbol, rank: index + 1, score, picked: index < rule.top,
    candle: candleView(newest, rule.timeframe), ...(unranked.length === 0 ? {} : { unranked }),
  })));
}

/** The value, or why there is none. A candle with a hole ranks nothing. */
function scoreOf(value: Value, { newest, series }: SeriesSnapshot): number | string {
  if (newest.incomplete) return 'its newest candle is incomplete';
  const witness = new Witness(series);
  return evaluateValue(value, { back: 0 }, witness) ?? witness.missing.map(({ text, why }) => `${text}: ${why}`).join(', ');
}
