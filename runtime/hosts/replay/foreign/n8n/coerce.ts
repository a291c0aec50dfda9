import { deny, ok, type Outcome } from '../../../../domain/denial';
import { parsedJson } from '../../../parsedJson';

/** The types that n8n's conditions and fields have, dates left out: they depend on the host's time zone. */
export type FieldType = 'string' | 'number' | 'boolean' | 'array' | 'object';

/** A value as this type, where n8n converts it at all. */
export function toType(value: unknown, type: FieldType): Outcome<unknown> {
  switch (type) {
    case 'string': return ok(toText(value));
    case 'number': return Number.isNaN(Number(value)) ? wrong(value, type) : ok(Number(value));
    case 'boolean': return toBoolean(value);
    case 'array': return Array.isArray(value) ? ok(value) : fromJson(value, type);
    case 'object': return isObject(value) ? ok(value) : fromJson(value, type);
  }
}

/** Whether it is of the type already; n8n lets a list pass as an object here and refuses it at the next step. */
export function isType(value: unknown, type: FieldType): boolean {
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? typeof value === 'object' : typeof value === type;
}

export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === undefined ? '' : JSON.stringify(value);
}

export function wrong(value: unknown, type: FieldType): ReturnType<typeof deny> {
  return deny('INVALID_FIELD', `${JSON.stringify(value)} is no ${type}.`, { remedy: 'Choose another type of comparison, or switch on "Convert types where required".' });
}

function toBoolean(value: unknown): Outcome<unknown> {
  if (typeof value === 'boolean') return ok(value);
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (text === 'true' || text === 'false') return ok(text === 'true');
  if (typeof value === 'string' && value.trim() === '') return wrong(value, 'boolean');
  const number = Number(value);
  return number === 0 || number === 1 ? ok(number === 1) : wrong(value, 'boolean');
}

function fromJson(value: unknown, type: 'array' | 'object'): Outcome<unknown> {
  const parsed = parsedJson(String(value)) ?? (type === 'array' ? parsedJson(String(value).replaceAll('\'', '"')) : undefined);
  return (type === 'array' ? Array.isArray(parsed) : isObject(parsed)) ? ok(parsed) : wrong(value, type);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
