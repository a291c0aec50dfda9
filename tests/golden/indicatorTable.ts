import type { IndicatorSpec } from '../../runtime/domain/indicators/core/define';
import { INDICATORS } from '../../runtime/domain/indicators/indicators';
import { writtenParameters } from '../../runtime/domain/series/parameters';
import { PHRASES } from '../../runtime/domain/series/phrases';
import { bareOutput, wordOf } from '../../runtime/domain/series/vocabulary';
import { WORDINGS } from '../../runtime/domain/series/words';
import { SOURCES } from './indicatorSources';

/** The tables of docs/guide/indicators.md, from the definitions. */
export function indicatorTable(): string {
  return rows(['write', 'what', 'outputs', 'unit', 'first value', 'other words', 'source'], INDICATORS.filter(({ name }) => !name.startsWith('cdl.')).map((spec) => [
    `\`${signature(spec)}\`${'convention' in spec.parameters.shape ? ' ᴾ' : ''}`, spec.title, outputs(spec), [...new Set(spec.units)].join(', '), first(spec),
    [...(wordOf(spec) === spec.name ? [] : [spec.name]), ...(WORDINGS[spec.name]?.aliases ?? [])].map((word) => `\`${word}\``).join(' '), sourceOf(spec.name),
  ]));
}

export function patternTable(): string {
  return rows(['pattern', 'as a number', 'words', 'source'], INDICATORS.filter(({ name }) => name.startsWith('cdl.')).map((spec) => {
    const words = [...PHRASES].filter(([, phrase]) => phrase.indicator === spec.name).map(([text]) => `\`${text}\``);
    const plain = spec.name.slice('cdl.'.length);
    return [spec.title, `\`${spec.name}\``, words.join(', '), SOURCES[plain] ?? `TA-Lib CDL${talibName(plain)}`];
  }));
}

function signature(spec: IndicatorSpec): string {
  const parameters = writtenParameters(spec);
  const written = parameters.map(({ name, fallback }) => `${name} ${fallback}`).join(', ');
  return parameters.length === 0 ? wordOf(spec) : `${wordOf(spec)}(${written})`;
}

function outputs(spec: IndicatorSpec): string {
  const bare = bareOutput(spec);
  if (spec.outputs.length === 1 && bare !== undefined) return '';
  return spec.outputs.map((name) => (name === bare ? `**\`.${name}\`**` : `\`.${name}\``)).join(' ');
}

function first(spec: IndicatorSpec): string {
  return spec.inputs.includes('session') ? 'by session' : String(spec.create().begin);
}

function sourceOf(name: string): string {
  const source = SOURCES[name];
  if (source === undefined) throw new Error(`Whose formula is ${name}? Say it in indicatorSources.ts.`);
  return source;
}

function talibName(name: string): string {
  return name.replace('three', '3').toUpperCase();
}

function rows(titles: readonly string[], cells: readonly (readonly string[])[]): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...cells.map(line)].join('\n');
}
