import { type Axis, type Comparison, type ParameterPlace, type Template, type WindowLengths } from '../runtime/hosts/backtests';
import { UsageError } from './arguments';

const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?$/;
const NAME = /^[A-Za-z_]\w*$/;
const MOST_VALUES = 10_000;

/** `fast=5,9,12`, `fast=5..20:5`, or with a place: `Risk Gate.defaultQuantity=10,20`, `Enter.condition.0=5..20:5` (the first number of the condition). */
export function readAxis(text: string): Axis {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const values = valuesOf(text.slice(at + 1).trim());
  if (at < 1 || values.length === 0) throw new UsageError(`--param is <name or Node.parameter>=<values>, as fast=5,9,12 or "Enter.condition.0=5..20:5"; not "${text}".`);
  if (NAME.test(name)) return { name, values };
  return { name, values, place: placeOf(name, text) };
}

/** `Enter.condition=ema({fast}) crosses above ema({slow})`. */
export function readTemplate(text: string): Template {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set is <Node.parameter>=<text>, not "${text}".`);
  return { ...placeOf(text.slice(0, at).trim(), text), text: text.slice(at + 1).trim() };
}

/** `Node.parameter` or `Node.parameter.0`; a node's own name may hold dots. */
function placeOf(name: string, whole: string): ParameterPlace {
  const parts = name.split('.');
  const last = parts.at(-1) ?? '';
  const number = parts.length > 2 && /^\d+$/.test(last) ? Number(parts.pop()) : undefined;
  const parameter = parts.pop() ?? '';
  const node = parts.join('.');
  if (node === '' || parameter === '') throw new UsageError(`"${whole}" names no parameter of a node: write Node.parameter, as "Risk Gate.defaultQuantity".`);
  return { node, parameter, ...(number === undefined ? {} : { number }) };
}

function valuesOf(text: string): readonly (string | number)[] {
  return text.split(',').map((part) => part.trim()).filter((part) => part !== '').flatMap((part): readonly (string | number)[] => rangeOf(part) ?? [/^-?\d+(\.\d+)?$/.test(part) ? Number(part) : part]);
}

function rangeOf(text: string): readonly number[] | undefined {
  const [, from, until, by = '1'] = RANGE.exec(text) ?? [];
  if (from === undefined || until === undefined) return undefined;
  const [first, last, step] = [Number(from), Number(until), Number(by)];
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  if (!(step > 0) || count < 1 || count > MOST_VALUES) throw new UsageError(`"${text}" is no range of values: 5..20:5 goes from 5 to 20 in steps of 5.`);
  // Steps of a tenth add up to what a person would write.
  return Array.from({ length: count }, (_, index) => Number((first + index * step).toPrecision(12)));
}

/** `fast<slow`. */
export function readComparison(text: string): Comparison {
  const [, left, sign, right] = /^\s*([\w. ]+?)\s*(<=|>=|!=|<|>)\s*([\w. ]+?)\s*$/.exec(text) ?? [];
  const known = (['<', '<=', '>', '>=', '!='] as const).find((each) => each === sign);
  if (left === undefined || right === undefined || known === undefined) throw new UsageError(`--where compares two values, as fast<slow; not "${text}".`);
  return { left, sign: known, right };
}

const LENGTH = /^(\d+)(d|w|mo|y)$/;

/** `train=6mo,test=1mo`: how long values are chosen on, and tried on. */
export function readWindows(text: string): WindowLengths {
  const parts = new Map(text.split(',').map((part) => part.split('=').map((word) => word.trim())).map(([name = '', value = '']) => [name, value]));
  const [train, test] = [parts.get('train'), parts.get('test')].map((value) => LENGTH.exec(value ?? ''));
  if (train === null || test === null || train === undefined || test === undefined || parts.size !== 2) throw new UsageError(`--walk-forward is train=6mo,test=1mo with d, w, mo or y; not "${text}".`);
  return { train: lengthOf(train), test: lengthOf(test) };
}

function lengthOf([, count = '1', unit]: RegExpExecArray): WindowLengths['train'] {
  const known = (['d', 'w', 'mo', 'y'] as const).find((each) => each === unit) ?? 'd';
  if (Number(count) < 1 || Number(count) > 1_000) throw new UsageError('--walk-forward: a window is from 1 to 1000 long.');
  return { count: Number(count), unit: known };
}
