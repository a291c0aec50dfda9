import type { Source } from '../condition';
import type { Source as Price } from '../indicators/core/bar';
import { Source as PriceNames } from '../indicators/core/bar';
import type { IndicatorSpec } from '../indicators/core/define';
import { INDICATORS, indicatorNamed } from '../indicators/indicators';
import type { Convention } from '../indicators/core/convention';
import { namedParameters } from './parameters';
import { PHRASES } from './phrases';
import { bareOutput, typeOfOutput, wordOf } from './vocabulary';

/** One output of one indicator, and how its number is read. */
export interface StudyReading {
  readonly kind: 'study';
  /** Equal keys share a running indicator. */
  readonly key: string;
  readonly spec: IndicatorSpec;
  /** Complete: what was left out has its default. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly output: string;
  read(value: number): number | boolean;
}

/** What a source of the condition language asks for. A field is answered by whoever holds the item. */
export type Resolved = StudyReading | { readonly kind: 'price'; readonly price: Price } | { readonly kind: 'field' };

const SPECS_BY_WORD: ReadonlyMap<string, IndicatorSpec> = new Map(INDICATORS.map((spec) => [wordOf(spec), spec]));

const asIs = (value: number): number => value;
const isSet = (value: number): boolean => value !== 0;

/** Finds what a source means. Throws for one that the vocabulary has not made: a condition must be parsed with it. */
export function resolveSource(source: Source, convention: Convention): Resolved {
  switch (source.kind) {
    case 'field': return { kind: 'field' };
    case 'pattern': return resolvePhrase(source.name, convention);
    case 'function': {
      const price = PriceNames.safeParse(source.name);
      if (price.success) return { kind: 'price', price: price.data };
      const score = source.name === 'cdl' ? indicatorNamed(`cdl.${source.output ?? ''}`) : undefined;
      if (score !== undefined) return study(score, {}, 'value', convention, asIs);
      const spec = SPECS_BY_WORD.get(source.name);
      const output = spec === undefined ? undefined : (source.output ?? bareOutput(spec));
      if (spec === undefined || output === undefined || !spec.outputs.includes(output)) throw new RangeError(`The vocabulary has no ${source.name}${source.output === undefined ? '' : `.${source.output}`}`);
      return study(spec, namedParameters(spec, source.args), output, convention, typeOfOutput(spec, output) === 'boolean' ? isSet : asIs);
    }
  }
}

function resolvePhrase(name: string, convention: Convention): Resolved {
  const phrase = PHRASES.get(name);
  const spec = phrase === undefined ? undefined : indicatorNamed(phrase.indicator);
  if (phrase === undefined || spec === undefined) throw new RangeError(`The vocabulary has no ${name}`);
  return study(spec, {}, phrase.output, convention, (value) => (phrase.side === 0 ? value !== 0 : value * phrase.side > 0));
}

function study(spec: IndicatorSpec, given: Readonly<Record<string, unknown>>, output: string, convention: Convention, read: StudyReading['read']): StudyReading {
  const parameters = spec.parameters.parse('convention' in spec.parameters.shape ? { ...given, convention } : given);
  return { kind: 'study', key: `${spec.name}(${Object.values(parameters).join(',')})`, spec, parameters, output, read };
}
