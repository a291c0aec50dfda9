import { parseArgs } from 'node:util';
import { explain, formatCondition, type Evaluation } from '../runtime/domain/condition';
import { evaluateOver } from '../runtime/domain/series';
import { parsedWords, UsageError } from './arguments';
import { CANDLE_OPTIONS, readCandles, type CandleInput } from './candles';
import { readConditionText } from './expression';
import { unwrap } from './indicators';
import { indianTime } from './table';
import type { Tool } from './tools';

const OPTIONS = { ...CANDLE_OPTIONS, json: { type: 'boolean', default: false } } as const;
/** Newest candles for which it was true that are explained. */
const EXPLAINED = 20;

/** `bellwether condition <candles.csv> "<text>"`: where a condition was true, and why. */
export const conditionTool: Tool = {
  run(words, world) {
    const { values: { json, ...meant }, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    const [file, text, ...more] = positionals;
    if (file === undefined || text === undefined) throw new UsageError('condition wants a file of candles and a text in quotes: bellwether condition candles.csv "rsi(14) < 30".');
    if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: put the whole condition in quotes.`);
    const condition = readConditionText(text);
    const input = readCandles(file, meant, world);
    const evaluations = unwrap(evaluateOver(condition, input.candles, input.history));
    const indices = evaluations.flatMap(({ truth }, index) => (truth === 'true' ? [index] : []));
    return json ? `${JSON.stringify(indices)}\n` : `${formatCondition(condition)}\n\n${story(input, evaluations, indices)}`;
  },
};

function story({ candles, timed }: CandleInput, evaluations: readonly Evaluation[], indices: readonly number[]): string {
  const rows = indices.slice(-EXPLAINED).map((index) => {
    const evaluation = evaluations[index];
    const when = timed ? ` ${indianTime(candles[index]?.time ?? null)}` : '';
    // The first line of the explanation is the verdict, which is known here.
    const reasons = evaluation === undefined ? [] : explain(evaluation).split('\n').slice(1);
    return `${index}${when}\n${reasons.map((reason) => `  ${reason}`).join('\n')}`;
  });
  const left = indices.length - rows.length;
  const earlier = left > 0 ? [`${left} earlier ones are not shown; --json lists all.`] : [];
  return `${[...earlier, ...rows, ...summary(evaluations, indices.length)].join('\n')}\n`;
}

function summary(evaluations: readonly Evaluation[], count: number): readonly string[] {
  const unknown = evaluations.filter(({ truth }) => truth === 'unknown');
  const reasons = new Map<string, number>();
  for (const { reasons: all } of unknown) {
    for (const { text, why } of new Map(all.flatMap(({ missing }) => missing).map((each) => [each.text, each])).values()) {
      reasons.set(`${text}: ${why}`, (reasons.get(`${text}: ${why}`) ?? 0) + 1);
    }
  }
  return [
    `True at ${count} of ${evaluations.length} candles, unknown at ${unknown.length}.`,
    ...[...reasons].map(([reason, times]) => `  ${reason} (${times} times)`),
  ];
}
