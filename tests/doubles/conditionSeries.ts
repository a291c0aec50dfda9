import type { Source } from '../../runtime/domain/condition/ast';
import { formatSource } from '../../runtime/domain/condition/format';
import type { AsOf, Series } from '../../runtime/domain/condition/series';
import type { FunctionSpec, Vocabulary } from '../../runtime/domain/condition/vocabulary';

const price = (name: string): FunctionSpec => ({ name, parameters: [], value: 'number' });
const SOURCE = { name: 'source', kind: 'word', words: ['open', 'high', 'low', 'close', 'hl2', 'hlc3'], optional: true } as const;
const period = (name: string) => ({ name, kind: 'number', integer: true, min: 1, max: 1_000 }) as const;

/** A vocabulary for tests: every shape of function, pattern and field that there is. */
export const VOCABULARY: Vocabulary = {
  functions: [
    ...['open', 'high', 'low', 'close', 'volume'].map(price),
    { name: 'vwap', parameters: [], value: 'number', outputs: { upper: 'number', lower: 'number' } },
    { name: 'sma', parameters: [period('period'), SOURCE], value: 'number' },
    { name: 'ema', parameters: [period('period'), SOURCE], value: 'number' },
    { name: 'rsi', parameters: [period('period')], value: 'number' },
    { name: 'roc', parameters: [period('period')], value: 'number', unit: 'percent' },
    { name: 'trueRange', parameters: [], value: 'number' },
    { name: 'sar', parameters: [{ name: 'step', kind: 'number', min: 0 }, { name: 'maximum', kind: 'number', min: 0 }], value: 'number' },
    { name: 'shift', parameters: [{ name: 'by', kind: 'number' }], value: 'number' },
    { name: 'macd', parameters: [period('fast'), period('slow'), period('signal')], outputs: { macd: 'number', signal: 'number', histogram: 'number' } },
    { name: 'orb', parameters: [{ name: 'duration', kind: 'duration' }], outputs: { high: 'number', low: 'number', broken: 'boolean' } },
    { name: 'squeeze', parameters: [period('period')], value: 'boolean', outputs: { momentum: 'number' } },
  ],
  patterns: ['hammer', 'doji', 'bullish engulfing', 'bearish engulfing', 'bullish', 'three white soldiers'],
  fields: ['indicators.*', 'position.*', 'quantity', 'stopLoss', 'signal.price'],
};

/** Values by question: `ema(9)`, `ema(9)[1]`, `ema(50)@1h`, `ema(50)@1h as of 1`; whatever is not there is unknown. Records what it was asked. */
export function mapSeries(values: Readonly<Record<string, number | boolean>>): Series & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    value(source: Source, offset: number, timeframe: string | undefined, asOf?: AsOf) {
      const key = `${formatSource(source)}${offset === 0 ? '' : `[${offset}]`}${timeframe === undefined ? '' : `@${timeframe}`}${asOf === undefined ? '' : ` as of ${asOf.candles}${asOf.timeframe ?? ''}`}`;
      asked.push(key);
      return Object.hasOwn(values, key) ? values[key] : undefined;
    },
  };
}
