import { signatureOf } from '../runtime/domain/condition';
import { INDICATORS } from '../runtime/domain/indicators/indicators';
import { VOCABULARY } from '../runtime/domain/series';
import { wordOf } from '../runtime/domain/series/vocabulary';
import type { Completion } from '../runtime/hosts/meaning';

const TITLES: ReadonlyMap<string, string> = new Map(INDICATORS.map((spec) => [wordOf(spec), spec.title]));

/** Every name of the condition language, as a form proposes it. */
export const COMPLETIONS: readonly Completion[] = [
  ...VOCABULARY.functions.map((spec) => ({ value: spec.parameters.length === 0 ? spec.name : `${spec.name}(`, label: `${signatureOf(spec)}${labelOf(spec.name)}` })),
  ...VOCABULARY.patterns.map((name) => ({ value: name, label: 'pattern' })),
  ...VOCABULARY.fields.map((name) => ({ value: name.replace(/\*$/, ''), label: 'field of the item' })),
];

function labelOf(word: string): string {
  const title = TITLES.get(word);
  return title === undefined ? '' : ` · ${title}`;
}
