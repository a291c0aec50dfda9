import { z } from 'zod';
import { formatCondition, plan, readCondition, readTimeframe, type Condition, type Vocabulary } from '../../runtime/domain/condition';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import { VOCABULARY } from '../../runtime/domain/series';
import type { Meaning } from '../../runtime/hosts/meaning';
import { wordsOf } from '../symbolList';

/** The language of the Condition node without fields of an item: before a trigger fires there is none. */
const TRIGGER_VOCABULARY: Vocabulary = { ...VOCABULARY, fields: [] };

/** The condition of a node. Denies INVALID_PARAMETER with the column. */
export function conditionOf(text: string | undefined): Outcome<Condition> {
  if (text === undefined || text.trim() === '') return deny('INVALID_PARAMETER', 'No condition is given.', { field: 'condition', remedy: 'Write one, such as: ema(9) crosses above ema(21)' });
  const read = readCondition(text, TRIGGER_VOCABULARY);
  if (read.ok) return ok(read.value);
  const { column, message, remedy } = read.problem;
  return deny('INVALID_PARAMETER', `Column ${column}: ${message}`, { field: 'condition', ...(remedy === undefined ? {} : { remedy }) });
}

const Values = z.looseObject({ fires: z.string().catch('candle'), symbols: z.string().catch(''), timeframe: z.string().catch(''), condition: z.string().catch(''), again: z.string().catch('becomesTrue') });

/** What a half-filled form means: the condition's canonical text first, where there is one, and when it fires; or what is wrong with it. */
export function meaningOfForm(raw: Readonly<Record<string, unknown>>): Meaning {
  const { fires, symbols, timeframe, condition, again } = Values.parse(raw);
  const each = wordsOf(symbols).length > 1 ? 'each symbol' : wordsOf(symbols)[0] ?? 'a symbol';
  if (fires === 'tick') return { ok: true, lines: [`Fires on ticks of ${each}.`] };
  const candle = `${readTimeframe(timeframe || '5m') ?? timeframe} candle of ${each}`;
  if (fires === 'candle') return { ok: true, lines: [`Fires when a ${candle} has closed.`] };
  if (condition.trim() === '') return { ok: true, lines: [] };
  const read = conditionOf(condition);
  if (read.ok) {
    const when = again === 'whileTrue' ? `Fires with every closed ${candle} on which it is true.` : `Fires with the closed ${candle} on which it becomes true.`;
    return { ok: true, lines: [formatCondition(read.value), when, `Looks at ${plan(read.value).map(({ text }) => text).join(', ') || 'numbers only'}.`] };
  }
  const problem = readCondition(condition, TRIGGER_VOCABULARY);
  return problem.ok ? read : { ...read, at: { text: condition, column: problem.problem.column } };
}
