import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import type { WebhookBody } from '../../domain/webhook';
import type { WebhookRequest } from '../../runtime';
import { cleanJson } from './cleanJson';
import { header } from './headers';
import { scanJson } from './jsonScan';
import type { IngressLimits } from './limits';

type BodyRequest = Pick<WebhookRequest, 'raw' | 'parsed' | 'headers'>;

const JSON_REMEDY = 'Send one JSON object. Put every placeholder in quotes: "price": "{{close}}".';
const PLAIN_REMEDY = 'Send JSON or plain text; in curl add -H "Content-Type: application/json".';
const FORM_PAIRS = /^[\w.%+-]+=[^&\s]*(?:&[\w.%+-]+=[^&\s]*)+$/;

/**
 * Reads a body by its content, whatever its header claims: an object is JSON, anything else is text. Bounded before anything is built.
 * Denies BODY_TOO_LARGE, MALFORMED_BODY, INVALID_FIELD.
 */
export function readBody(request: BodyRequest, limits: IngressLimits): Outcome<WebhookBody> {
  const encoding = header(request.headers, 'content-encoding');
  // Nothing is ever unpacked here: a small compressed body can be a very large one.
  if (encoding !== undefined && encoding !== 'identity') return malformed('Compressed bodies are not read.', 'Send the body uncompressed.');
  if (request.raw !== undefined) return readBytes(request.raw, request.headers, limits);
  if (request.parsed instanceof Uint8Array) return readBytes(request.parsed, request.headers, limits);
  if (typeof request.parsed === 'string') return readText(request.parsed, request.headers, limits);
  if (isForm(request.headers)) return form();
  return readObject(request.parsed, limits);
}

function readBytes(bytes: Uint8Array, headers: BodyRequest['headers'], limits: IngressLimits): Outcome<WebhookBody> {
  if (bytes.byteLength > limits.maxBodyBytes) return tooLarge(limits.maxBodyBytes, 'bytes');
  const text = decoded(bytes);
  return text === undefined ? malformed('The body is not UTF-8 text.', 'Send it as UTF-8.') : readText(text, headers, limits);
}

/** Keeps nothing from one text to the next, also when it threw: each is decoded whole. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined for bytes that are no UTF-8; a decoder throws for nothing else. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

function readText(raw: string, headers: BodyRequest['headers'], limits: IngressLimits): Outcome<WebhookBody> {
  if (raw.length > limits.maxBodyBytes) return tooLarge(limits.maxBodyBytes, 'bytes');
  // trim() takes a byte-order mark along.
  const text = raw.trim();
  if (text === '') return malformed('The body is empty.', JSON_REMEDY);
  if (text.startsWith('{')) return readJson(text, limits);
  if (isList(text, limits)) return malformed('The body is a list.', JSON_REMEDY);
  if (FORM_PAIRS.test(text) || (isForm(headers) && /^[\w.%+-]+=/.test(text)) || /^--\S+\r?\nContent-Disposition:/i.test(text)) return form();
  if (text.length > limits.maxTextLength) return tooLarge(limits.maxTextLength, 'characters of text');
  if (/\p{Cc}/u.test(text.replace(/[\t\n\r]/g, ''))) return malformed('The body holds control characters.', JSON_REMEDY);
  return ok({ kind: 'text', text });
}

function readJson(text: string, limits: IngressLimits): Outcome<WebhookBody> {
  const shape = scanJson(text, limits);
  if (!shape.ok) return shape;
  const value = parsed(text);
  if (value === undefined) return malformed('The body looks like JSON and is not valid JSON.', text.includes('{{') ? `A placeholder was left as it is: is the name right? ${JSON_REMEDY}` : JSON_REMEDY);
  const { repeatedKey } = shape.value;
  if (repeatedKey !== undefined) {
    const field = repeatedKey.slice(0, 60);
    return deny('INVALID_FIELD', `${JSON.stringify(field)} is given twice.`, { field, remedy: 'Give every field once.' });
  }
  return readObject(value, limits);
}

function readObject(value: unknown, limits: IngressLimits): Outcome<WebhookBody> {
  const cleaned = cleanJson(value, limits);
  if (!cleaned.ok) return cleaned;
  if (!isRecord(cleaned.value)) return malformed('The body is no JSON object.', JSON_REMEDY);
  if (Object.keys(cleaned.value).length === 0) return malformed('The body is empty.', JSON_REMEDY);
  return ok({ kind: 'json', value: cleaned.value });
}

function isList(text: string, limits: IngressLimits): boolean {
  if (!text.startsWith('[') || !text.endsWith(']')) return false;
  return !scanJson(text, limits).ok || parsed(text) !== undefined;
}

/** Undefined where the text is no JSON; JSON itself has no undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isForm(headers: BodyRequest['headers']): boolean {
  return /^(?:application\/x-www-form-urlencoded|multipart\/form-data)/i.test(header(headers, 'content-type') ?? '');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Refusal = { readonly ok: false; readonly denial: Denial };

function form(): Refusal {
  return malformed('The body is a form.', PLAIN_REMEDY);
}

function malformed(message: string, remedy: string): Refusal {
  return deny('MALFORMED_BODY', message, { field: 'body', remedy });
}

function tooLarge(limit: number, unit: string): Refusal {
  return deny('BODY_TOO_LARGE', `The body is larger than ${limit} ${unit}.`, { field: 'body', limit, remedy: 'Send only what the alert needs.' });
}
