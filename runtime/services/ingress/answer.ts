import type { Denial, DenialCode } from '../../domain/denial';
import type { InboxEntry, ReceivedSignal } from '../../domain/ports';
import type { WebhookAnswer } from '../../runtime';

type Status = WebhookAnswer['status'];

/** Codes that are no plain 400. */
const STATUS: Partial<Record<DenialCode, Status>> = {
  WRONG_SECRET: 401, SOURCE_NOT_ALLOWED: 403, NOT_FOUND: 404, BODY_TOO_LARGE: 413,
  MALFORMED_SYMBOL: 422, UNKNOWN_SYMBOL: 422, AMBIGUOUS_SYMBOL: 422, EXPIRED_SYMBOL: 422, NOT_TRADABLE: 422,
  STALE_SIGNAL: 422, DELAYED_DATA: 422, AMBIGUOUS_ACTION: 422,
  LOCKED_OUT: 429, TOO_MANY_REQUESTS: 429, NOT_READY: 503,
};

const RETRY_AFTER_S = 5;

/** One part of a call that was refused while others were not. */
export interface RefusedPart {
  readonly symbol: string;
  readonly denial: Denial;
}

/** A refusal as an answer. 429 and 503 say when to try again. */
export function refusal(denial: Denial, { retryAfterMs, refused = [] }: { readonly retryAfterMs?: number; readonly refused?: readonly RefusedPart[] } = {}): WebhookAnswer {
  const status = STATUS[denial.code] ?? 400;
  const waits = status === 429 || status === 503;
  const seconds = retryAfterMs === undefined ? RETRY_AFTER_S : Math.ceil(retryAfterMs / 1_000);
  return { status, headers: waits ? { 'Retry-After': String(Math.max(1, seconds)) } : {}, body: { error: { ...denial }, ...refusedPart(refused) }, entries: [] };
}

/** What was journalled, as an answer: 202 with the new receipt where anything is new, else 200 with the first one. */
export function receipt({ receiptId, entries, received, refused }: {
  readonly receiptId: string;
  /** Every signal of the call, duplicates too. */
  readonly entries: readonly InboxEntry[];
  /** In the order of `entries`. */
  readonly received: readonly ReceivedSignal[];
  readonly refused: readonly RefusedPart[];
}): WebhookAnswer {
  const fresh = entries.filter((_entry, index) => received[index]?.duplicate === false);
  const first = received[0]?.receiptId ?? receiptId;
  const signals = entries.map(({ signalId, item }, index) => ({
    id: received[index]?.signalId ?? signalId,
    ...shown(item, 'exchange'), ...shown(item, 'symbol'),
    status: received[index]?.duplicate === true ? 'duplicate' : 'accepted',
  }));
  const isNew = fresh.length > 0;
  return {
    status: isNew ? 202 : 200, headers: {}, entries: fresh,
    body: { receipt: isNew ? receiptId : first, status: isNew ? 'accepted' : 'duplicate', signals, ...refusedPart(refused) },
  };
}

function refusedPart(refused: readonly RefusedPart[]): { readonly refused?: readonly object[] } {
  return refused.length === 0 ? {} : { refused: refused.map(({ symbol, denial }) => ({ symbol, error: { ...denial } })) };
}

function shown(item: InboxEntry['item'], key: string): object {
  const value = item[key];
  return typeof value === 'string' ? { [key]: value } : {};
}
