import type { Denial, Outcome } from './denial';
import type { Envelope } from './envelope';
import type { Exchange, Instrument } from './market';
import type { EpochMs } from './time';

/** A webhook call as a trigger reads it: already capped, parsed by content and free of prototype keys. */
export type WebhookBody =
  | { readonly kind: 'json'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'text'; readonly text: string };

/** What a body means. A part of a body may fail (one stock of a scan) without hiding the rest. */
export interface Interpretation {
  /** `item.signal.id` is a placeholder here: the ingress gives the signal its own. */
  readonly signals: readonly { readonly dedupeKey: string; readonly item: Envelope }[];
  readonly refused: readonly { readonly symbol: string; readonly denial: Denial }[];
  /** Milliseconds within which an equal key is a repeat; absent: for ever (the sender gave an id). */
  readonly duplicateWindowMs?: number;
  /** The body answers a question; `signals` is empty, and the journal says what the answer means. */
  readonly answer?: { readonly token: string; readonly verdict: 'approved' | 'declined' };
}

export interface InterpretContext {
  readonly receivedAt: EpochMs;
  readonly nodeKey: string;
  /** The symbol grammar over the runtime's instruments as of the time of receipt. */
  resolve(exchange: Exchange, symbol: string): Outcome<Instrument>;
}

/** How one kind of sender is read. The ingress service authenticates, journals and answers; a reader only reads. */
export interface WebhookReader<P = Readonly<Record<string, unknown>>> {
  /** Where this source may carry its key; undefined when it did not. */
  secretIn(body: WebhookBody): string | undefined;
  /** True where the URL alone authenticates (the sender can not be given a key). */
  readonly urlAuthenticates: boolean;
  /** True where it takes answers of people to questions: its address shows them a page then. */
  readonly answersQuestions?: true;
  /** Addresses that may call; undefined or absent: any. */
  allowedAddresses?(params: P): readonly string[] | undefined;
  interpret(params: P, body: WebhookBody, context: InterpretContext): Outcome<Interpretation>;
}
