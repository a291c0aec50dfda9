import { z } from 'zod';
import { timeframeMs, type Argument, type ParameterSpec } from '../condition';
import type { IndicatorSpec } from '../indicators/core/define';
import { MINUTE_MS } from '../time';
import { WORDINGS } from './words';

/** Given by the flow or the command line for all indicators at once, never in a text. */
const NOT_IN_TEXT = 'convention';

/** A parameter of an indicator as a text gives it, with the value it takes when it is left out. */
export type WrittenParameter = ParameterSpec & { readonly fallback: Argument };

/** The parameters of an indicator in the order of a text: numbers first, words last; all of them may be left out from the end. */
export function writtenParameters(spec: IndicatorSpec): readonly WrittenParameter[] {
  const durations = WORDINGS[spec.name]?.durations ?? [];
  return Object.entries(spec.parameters.shape).filter(([name]) => name !== NOT_IN_TEXT).map(([name, schema]) => {
    if (!(schema instanceof z.ZodDefault)) throw new Error(`${spec.name} has no default for ${name}`);
    const fallback: unknown = schema.parse(undefined);
    const inner: unknown = schema.unwrap();
    if (inner instanceof z.ZodEnum) return { name, optional: true, kind: 'word', words: inner.options.map(String), fallback: String(fallback) };
    if (!(inner instanceof z.ZodNumber) || typeof fallback !== 'number') throw new Error(`${spec.name} has a parameter ${name} that no text can give`);
    if (durations.includes(name)) return { name, optional: true, kind: 'duration', fallback: `${fallback}m` };
    return { name, optional: true, kind: 'number', fallback, ...(inner.format?.includes('int') === true ? { integer: true } : {}), ...bounds(inner) };
  });
}

function bounds({ minValue, maxValue }: z.ZodNumber): { readonly min?: number; readonly max?: number } {
  const most = maxValue === null || maxValue >= Number.MAX_SAFE_INTEGER ? null : maxValue;
  return { ...(minValue === null ? {} : { min: minValue }), ...(most === null ? {} : { max: most }) };
}

/** Arguments of a text as the indicator's parameters; those left out keep their defaults. A word counts wherever it stands. */
export function namedParameters(spec: IndicatorSpec, args: readonly Argument[]): Readonly<Record<string, unknown>> {
  const parameters = writtenParameters(spec);
  const words = parameters.filter(({ kind }) => kind === 'word');
  const others = parameters.filter(({ kind }) => kind !== 'word');
  const given: Record<string, unknown> = {};
  let place = 0;
  for (const argument of args) {
    const word = typeof argument === 'string' ? words.find((each) => each.kind === 'word' && each.words.includes(argument)) : undefined;
    const parameter = word ?? others[place];
    if (parameter === undefined) throw new RangeError(`${spec.name} takes no argument "${argument}" there`);
    if (word === undefined) place += 1;
    given[parameter.name] = parameter.kind === 'duration' ? timeframeMs(String(argument)) / MINUTE_MS : argument;
  }
  return given;
}

/** What an indicator says against arguments whose types are right: a factor of 0, a fast average that is slower than the slow one. */
export function objection(spec: IndicatorSpec, args: readonly Argument[]): string | undefined {
  const read = spec.parameters.safeParse(namedParameters(spec, args));
  if (read.success) return undefined;
  return read.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ');
}
