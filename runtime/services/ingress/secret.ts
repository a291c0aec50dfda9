import { hash, timingSafeEqual } from 'node:crypto';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { Envelope } from '../../domain/envelope';
import type { WebhookBody, WebhookReader } from '../../domain/webhook';
import type { WebhookRequest } from '../../runtime';
import { header } from './headers';

export interface SecretCheck {
  /** What the trigger expects; undefined where the URL alone authenticates. */
  readonly expected: string | undefined;
  readonly reader: Pick<WebhookReader, 'secretIn' | 'urlAuthenticates'>;
  readonly body: WebhookBody;
  readonly headers: WebhookRequest['headers'];
}

/** The same time for every candidate, whatever it shares with the secret: digests are compared, in constant time. */
export function isSecret(candidate: string, expected: string): boolean {
  return timingSafeEqual(digestOf(candidate), digestOf(expected));
}

/**
 * Denies WRONG_SECRET unless one of the keys that came along is the expected one. A sender that can not be given a key may leave it out;
 * a wrong key is refused from anyone.
 */
export function checkSecret({ expected, reader, body, headers }: SecretCheck): Outcome<void> {
  if (expected === undefined) return ok(undefined);
  const candidates = [reader.secretIn(body), header(headers, 'x-api-key'), bearer(headers)].filter((candidate) => candidate !== undefined);
  if (candidates.some((candidate) => isSecret(candidate, expected))) return ok(undefined);
  if (candidates.length === 0 && reader.urlAuthenticates) return ok(undefined);
  const message = candidates.length === 0 ? 'The key is missing.' : 'The key is wrong.';
  return deny('WRONG_SECRET', message, { field: 'secret', remedy: 'Send the trigger’s webhook key as "secret" in the body or in the header X-API-Key.' });
}

/** Shorter ones would also be found in ordinary words. */
const SHORTEST_REDACTED = 8;

/** The item without the key, in case the sender wrote it into a text that travels on. */
export function withoutSecret(item: Envelope, secret: string | undefined): Envelope {
  if (secret === undefined || secret.length < SHORTEST_REDACTED) return item;
  const clean = (text: string): string => text.replaceAll(secret, '[redacted]');
  return {
    ...item,
    ...(item.message === undefined ? {} : { message: clean(item.message) }),
    ...(item.signal?.name === undefined ? {} : { signal: { ...item.signal, name: clean(item.signal.name) } }),
  };
}

function bearer(headers: WebhookRequest['headers']): string | undefined {
  return header(headers, 'authorization')?.replace(/^Bearer\s+/i, '');
}

function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
