import { deny, ok, type Outcome } from '../../domain/denial';
import type { NodeChange, ParameterPlace } from './changes';

/** One thing that is varied. With a place it is put there; without one it is a name that templates use. */
export interface Axis {
  readonly name: string;
  readonly values: readonly (string | number)[];
  readonly place?: ParameterPlace;
}

/** A parameter's text with names in braces: `ema({fast}) crosses above ema({slow})`. */
export interface Template extends ParameterPlace {
  readonly text: string;
}

/** One of the ways to set the flow up. */
export interface Combination {
  /** By axis. */
  readonly values: Readonly<Record<string, string | number>>;
  readonly changes: readonly NodeChange[];
}

export interface Grid {
  readonly axes: readonly Axis[];
  readonly templates: readonly Template[];
  /** Only combinations that pass all of these: `fast < slow`. */
  readonly where?: readonly Comparison[];
}

export interface Comparison {
  readonly left: string;
  readonly sign: '<' | '<=' | '>' | '>=' | '!=';
  readonly right: string;
}

/** More are no search but a way to find chance. */
export const MOST_COMBINATIONS = 20_000;
const NAME_IN_BRACES = /\{([A-Za-z_]\w*)\}/g;

/** Every combination, in the order of the axes' values, the last axis changing fastest. Denies names that nobody gives values, values that nobody uses, and a grid that is too large. */
export function combinationsOf({ axes, templates, where = [] }: Grid): Outcome<readonly Combination[]> {
  const names = new Set(axes.map(({ name }) => name));
  const used = new Set(templates.flatMap(({ text }) => [...text.matchAll(NAME_IN_BRACES)].map(([, name = '']) => name)));
  const unknown = [...used].find((name) => !names.has(name));
  if (unknown !== undefined) return deny('INVALID_PARAMETER', `{${unknown}} has no values.`, { field: 'set', remedy: `Give it some: --param ${unknown}=5,9,12.` });
  const idle = axes.find(({ name, place }) => place === undefined && !used.has(name));
  if (idle !== undefined) return deny('INVALID_PARAMETER', `Nothing uses "${idle.name}".`, { field: 'param', remedy: `Name a node and its parameter ("Risk Gate.defaultQuantity=10,20"), or use {${idle.name}} in a --set.` });
  const stranger = where.flatMap(({ left, right }) => [left, right]).find((word) => !names.has(word) && Number.isNaN(Number(word)));
  if (stranger !== undefined) return deny('INVALID_PARAMETER', `"${stranger}" is neither a number nor varied.`, { field: 'where' });
  const size = axes.reduce((product, { values }) => product * values.length, 1);
  if (size > MOST_COMBINATIONS) return deny('INVALID_PARAMETER', `${size} combinations are more than ${MOST_COMBINATIONS}.`, { field: 'param', limit: MOST_COMBINATIONS, value: size, remedy: 'Use larger steps; who tries so many finds chance.' });
  let rows: readonly Combination['values'][] = [{}];
  for (const { name, values } of axes) rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  const wanted = rows.filter((row) => where.every((comparison) => holds(comparison, row)));
  return ok(wanted.map((values) => ({ values, changes: [...placed(axes, values), ...templates.map((template) => filled(template, values))] })));
}

function placed(axes: readonly Axis[], values: Combination['values']): readonly NodeChange[] {
  return axes.flatMap(({ name, place }) => (place === undefined ? [] : [{ ...place, value: values[name] ?? '' }]));
}

function filled({ text, ...place }: Template, values: Combination['values']): NodeChange {
  return { ...place, value: text.replace(NAME_IN_BRACES, (_, name: string) => String(values[name] ?? '')) };
}

function holds({ left, sign, right }: Comparison, values: Combination['values']): boolean {
  const [a, b] = [Number(values[left] ?? left), Number(values[right] ?? right)];
  switch (sign) {
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
    case '!=': return a !== b;
  }
}
