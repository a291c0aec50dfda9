const SECRET_KEY = /secret|api[-_]?key|token|passw(or)?d|passphrase|authorization|cookie|credential/i;
/** Secrets that travel inside text: Telegram's bot path, `Authorization` schemes, `key=value` pairs of addresses, user information of addresses. */
const SECRETS_IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\bbot\d{3,}:[\w-]{10,}/g, 'bot[redacted]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 [redacted]'],
  [/\b((?:[\w-]*(?:secret|token|api[-_]?key|password))\s*[=:]\s*)["']?[^\s"'&,;}]+/gi, '$1[redacted]'],
  [/(\/\/)[^\s/@:]+:[^\s/@]+@/g, '$1[redacted]@'],
];
const MAX_DEPTH = 10;
const MAX_ENTRIES = 200;
const MAX_TEXT = 10_000;

/**
 * A copy that is safe to write to a log: values under secret-looking names are replaced, secrets inside text too,
 * errors shrink to name, message, code, stack and cause (an HTTP error would carry the whole request with its headers),
 * and depth (10), entries per level (200) and text length (10,000) are bounded, so cycles end.
 */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (isError(value)) return redactedError(value, depth);
  if (value instanceof Map || value instanceof Set) return redacted([...value], depth + 1);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return bounded(value).map((entry: unknown) => redacted(entry, depth + 1));
  const entries = bounded(Object.entries(value));
  return Object.fromEntries(entries.map(([key, entry]) => [key, SECRET_KEY.test(key) ? '[redacted]' : redacted(entry, depth + 1)]));
}

/** The text without what looks like a secret, at most 10,000 characters. */
export function redactText(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return SECRETS_IN_TEXT.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), short);
}

/**
 * The text without the secret, however the other side wrote it: as it is, percent-encoded, in JSON, in hexadecimal, in base64 by itself or within something longer.
 * For words that come back from a broker. A secret of fewer than 8 characters is found as it is only: its encodings are too short to tell.
 */
export function withoutSecret(text: string, secret: string): string {
  if (secret === '') return text;
  const forms = secret.length < LEAST_ENCODED ? [secret] : encodings(secret);
  return forms.reduce((clean, form) => clean.replaceAll(form, '[redacted]'), text);
}

const LEAST_ENCODED = 8;

/** Longest first, so that no piece of a longer form is left over. */
function encodings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const plain = [secret, encodeURIComponent(secret), new URLSearchParams({ key: secret }).toString().slice('key='.length), JSON.stringify(secret).slice(1, -1), bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')];
  // Within something longer, the first and the last characters of its base64 depend on the neighbours: only what lies between them is the secret's.
  const within = [0, 1, 2].flatMap((offset) => {
    const base64 = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -2);
    return [base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [...new Set([...plain, ...within])].sort((one, other) => other.length - one.length);
}

/** True for errors of other realms (vm contexts) as well. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function redactedError(error: Error, depth: number): object {
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redacted(error.cause, depth + 1) }),
  };
}

function bounded<T>(entries: readonly T[]): readonly T[] {
  return entries.length > MAX_ENTRIES ? entries.slice(0, MAX_ENTRIES) : entries;
}
