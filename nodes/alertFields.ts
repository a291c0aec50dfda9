import { deny, ok, type Denial, type Outcome } from '../runtime/domain/denial';
import { EXIT_WORDS, type OrderAction } from '../runtime/domain/direction';

/** One field of an alert as its sender wrote it: `name` is the sender's own spelling, for refusals. */
export interface AlertField {
  readonly name: string;
  readonly value: unknown;
}

/** Fields by their plain name: `positionSize`, `position_size` and `POSITION-SIZE` are `positionsize`; `order.amount` is the amount inside `order`. Empty ones are left out. */
export type AlertFields = ReadonlyMap<string, AlertField>;

type Refusal = { readonly ok: false; readonly denial: Denial };

const PLACEHOLDER = /\{\{.*?\}\}/;
export const PLACEHOLDER_REMEDY = 'A placeholder was left as it is. Check its name: only TradingView’s own placeholders are filled in, and those of strategies only in a strategy’s alert.';
/** Fields whose own fields are read as well. */
const NESTED = 'order';
const SHOWN_LENGTH = 40;

/** Denies INVALID_FIELD where two spellings of one field hold different values: nobody can say which one is meant. */
export function alertFields(body: Readonly<Record<string, unknown>>): Outcome<AlertFields> {
  const fields = new Map<string, AlertField>();
  for (const [name, value] of flat(body)) {
    if (isEmpty(value)) continue;
    const key = name.toLowerCase().replace(/[_\-\s]/g, '');
    const earlier = fields.get(key);
    if (earlier !== undefined && earlier.value !== value) return invalid({ name, value }, `contradicts ${shown(earlier.name)}`, 'Give every field once.');
    fields.set(key, { name, value });
  }
  return ok(fields);
}

/** The first of these fields that the alert has. Names are plain (see `AlertFields`). */
export function fieldOf(fields: AlertFields, ...names: readonly string[]): AlertField | undefined {
  const name = names.find((candidate) => fields.has(candidate));
  return name === undefined ? undefined : fields.get(name);
}

/** Trimmed text of at most `maxLength` characters; a number counts as its digits. */
export function textOf(field: AlertField, maxLength = 200): Outcome<string> {
  const { value } = field;
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined;
  if (text === undefined) return invalid(field, 'is no text', 'Send text in quotes.');
  if (text.length > maxLength) return invalid(field, `is longer than ${maxLength} characters`, 'Shorten it.');
  if (PLACEHOLDER.test(text)) return invalid(field, 'was not filled in', PLACEHOLDER_REMEDY);
  return ok(text);
}

/** A decimal number, plain or as text: `10`, `"10.0"`, `"-5"`. No thousands separators, exponents or units. */
export function numberOf(field: AlertField): Outcome<number> {
  if (typeof field.value === 'number') return ok(field.value);
  const text = textOf(field);
  if (!text.ok) return text;
  const number = /^[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})$/.test(text.value) ? Number(text.value) : NaN;
  return Number.isNaN(number) ? invalid(field, 'is no number', 'Send digits with at most one decimal point.') : ok(number === 0 ? 0 : number);
}

export function positiveNumberOf(field: AlertField): Outcome<number> {
  const number = numberOf(field);
  return number.ok && number.value <= 0 ? invalid(field, 'is not above zero', 'Send a number above zero.') : number;
}

const MAX_QUANTITY = 1_000_000_000;

/** A whole number of units above zero: `"10.0"` is 10, `"10.5"`, `"10%"` and `0` are refused. */
export function quantityOf(field: AlertField): Outcome<number> {
  if (typeof field.value === 'string' && field.value.trim().endsWith('%')) return invalid(field, 'is a percentage', 'Send a share of the margin as position_size.');
  const number = positiveNumberOf(field);
  if (number.ok && (!Number.isInteger(number.value) || number.value > MAX_QUANTITY)) return invalid(field, 'is no whole number of units', 'Round it in the alert.');
  return number;
}

/** One of a fixed set of words, in any case; `words` maps each to its meaning. */
export function wordOf<T>(field: AlertField, words: Readonly<Record<string, T>>, wanted = Object.keys(words).join(', ')): Outcome<T> {
  const text = textOf(field);
  if (!text.ok) return text;
  const entry = Object.entries(words).find(([word]) => word === text.value.toUpperCase());
  return entry === undefined ? invalid(field, 'is not known', `Use one of ${wanted}.`) : ok(entry[1]);
}

/** What senders write for the two sides, and for the end of them. */
export const ACTION_WORDS: Readonly<Record<string, OrderAction>> = { BUY: 'BUY', SELL: 'SELL', LONG: 'BUY', SHORT: 'SELL', COVER: 'BUY', ...EXIT_WORDS };
/** The words as a refusal names them. */
export const ACTIONS_WANTED = 'BUY, SELL, EXIT, EXIT_LONG, EXIT_SHORT';

export const PRODUCT_WORDS = { MIS: 'MIS', CNC: 'CNC', NRML: 'NRML' } as const;

export function missing(name: string, what: string, remedy: string): Refusal {
  return deny('MISSING_FIELD', `${what} is missing.`, { field: name, remedy });
}

export function invalid({ name, value }: AlertField, problem: string, remedy: string): Refusal {
  const field = name.slice(0, SHOWN_LENGTH);
  return deny('INVALID_FIELD', `${field} ${problem}: ${shown(value)}.`, { field, remedy });
}

/** Canonical JSON: the same content in another order of keys is the same text. `isLeftOut` names keys that say nothing about the content. */
export function canonical(value: unknown, isLeftOut: (key: string) => boolean = () => false): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonical(entry, isLeftOut)).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value).filter((key) => !isLeftOut(key)).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key], isLeftOut)}`).join(',')}}`;
}

const SECRET_NAMES = ['secret', 'apikey'];

/** True for the fields in which a sender may put its key. */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.includes(name.toLowerCase().replace(/[_\-\s]/g, ''));
}

/** The key a JSON body carries, if it does. */
export function secretOf(body: Readonly<Record<string, unknown>>): string | undefined {
  const values = Object.entries(body).flatMap(([name, value]) => (isSecretName(name) ? [value] : []));
  return values.find((value) => typeof value === 'string' && value !== '') as string | undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flat(body: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(body).flatMap(([name, value]): [string, unknown][] => {
    if (name.toLowerCase() !== NESTED || !isRecord(value)) return [[name, value]];
    return Object.entries(value).map(([inner, member]) => [`${name}.${inner}`, member]);
  });
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined ?? 'nothing';
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
