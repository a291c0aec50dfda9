import type { FunctionSpec, ValueType, Vocabulary } from '../condition';
import type { IndicatorSpec } from '../indicators/core/define';
import { Source as Price } from '../indicators/core/bar';
import { INDICATORS } from '../indicators/indicators';
import { PATTERNS } from '../patterns/patterns';
import { objection, writtenParameters } from './parameters';
import { PHRASES } from './phrases';
import { WORDINGS } from './words';

/** Numbers and yes-or-nos of the item that a condition may name; `.*` allows any path below. */
export const ITEM_FIELDS: readonly string[] = [
  'indicators.*', 'position.*', 'signal.*', 'candle.*', 'order.*', 'decision.*',
  'quantity', 'positionSize', 'targetQuantity', 'sizePercent', 'riskAmount', 'limitPrice', 'triggerPrice', 'stopLoss', 'target',
];

/** Every pattern as a number, `cdl.engulfing`: 100 bullish, -100 bearish, 0 neither. */
const SCORES: FunctionSpec = { name: 'cdl', parameters: [], outputs: Object.fromEntries(PATTERNS.map(({ name }) => [name, 'number'])) };

/** The names that conditions and expressions may use: prices, every indicator, candlestick patterns in words, fields of the item. */
export const VOCABULARY: Vocabulary = {
  functions: [
    ...Price.options.map((name): FunctionSpec => ({ name, parameters: [], value: 'number' })),
    ...INDICATORS.filter(({ name }) => !name.startsWith('cdl.')).map(functionOf),
    SCORES,
  ],
  patterns: [...PHRASES.keys()],
  fields: ITEM_FIELDS,
};

/** The word of the language for an indicator: `orb` for openingRange. */
export function wordOf({ name }: IndicatorSpec): string {
  return WORDINGS[name]?.name ?? name;
}

/** The output that the bare name of an indicator stands for; undefined where one must be named. */
export function bareOutput(spec: IndicatorSpec): string | undefined {
  return spec.outputs.includes('value') ? 'value' : WORDINGS[spec.name]?.bare;
}

/** Whether an output is a number or, kept as 0 and 1, a yes or no. */
export function typeOfOutput(spec: IndicatorSpec, output: string): ValueType {
  return (spec.units[spec.outputs.indexOf(output)] ?? spec.units.at(-1)) === 'flag' ? 'boolean' : 'number';
}

function functionOf(spec: IndicatorSpec): FunctionSpec {
  const { aliases = [] } = WORDINGS[spec.name] ?? {};
  const bare = bareOutput(spec);
  const outputs = spec.outputs.length === 1 && bare !== undefined ? undefined : Object.fromEntries(spec.outputs.map((name) => [name, typeOfOutput(spec, name)]));
  const word = wordOf(spec);
  return {
    name: word, aliases: word === spec.name ? aliases : [spec.name, ...aliases],
    parameters: writtenParameters(spec),
    check: (args) => objection(spec, args),
    ...(bare === undefined ? {} : { value: typeOfOutput(spec, bare) }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(spec.units[0] === 'percent' ? { unit: 'percent' } : {}),
  };
}
