import type { AccountConfig, AccountSecrets } from './domain/account';
import type { Outcome } from './domain/denial';
import type { AlertChannel, InboxEntry, NewReceipt, ReceivedSignal, Store } from './domain/ports';
import type { Origin } from './domain/order';
import type { EpochMs } from './domain/time';
import type { NodeContext } from './domain/nodeContext';
import type { Source } from './domain/trigger';
import type { TestStep } from './services/context/testStep';
import type { WebhookReader } from './domain/webhook';
import type { ProtectionKeeper } from './services/protection';

/** A trigger node of a running flow, as its host binds it to the ingress. */
export interface TriggerBinding {
  /** The reader of its source; `type` names the source in the journal. */
  readonly definition: WebhookReader & { readonly type: string };
  /** Parsed parameters of the node. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly nodeKey: string;
  readonly strategyId: string;
  /** The shared key from the host's credential store; absent where only the URL authenticates. */
  readonly secret?: string;
}

/** A webhook call as a host received it. Exactly one of `raw` and `parsed` is given: hosts whose body parser ran first only have the latter. */
export interface WebhookRequest {
  readonly raw?: Uint8Array;
  readonly parsed?: unknown;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The peer's address; forwarded headers count only from configured proxies. */
  readonly remoteAddress: string;
  readonly receivedAt: EpochMs;
}

export interface WebhookAnswer {
  readonly status: 200 | 202 | 400 | 401 | 403 | 404 | 413 | 422 | 429 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON-safe: a receipt (`{receipt, status, signals}`) or `{error: Denial}`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The same for a person, where a browser asked; sent instead of the body. */
  readonly html?: string;
  /** The durable entries of this call that are not duplicates; empty for refusals. */
  readonly entries: readonly InboxEntry[];
}

/** The way in: authenticate, read, de-duplicate, make durable, answer; then hand each entry to the flow until it says it is done. */
export interface Ingress {
  /**
   * Answers one call. With `handOver: 'attached'` the entries go to whoever is attached for the node, now or later;
   * with 'caller' (an editor's test) the caller works on the returned entries itself and they are never re-delivered.
   */
  receive(binding: TriggerBinding, request: WebhookRequest, handOver: 'attached' | 'caller'): Promise<WebhookAnswer>;
  /** The page behind a link to a trigger that takes answers; it changes nothing. */
  page(binding: Pick<TriggerBinding, 'strategyId'>, address: string): Promise<WebPage>;
  /** Journals signals that nobody called in, and delivers the new ones to whoever is attached, in the same step where it has the places. */
  submit(receipt: NewReceipt): Promise<readonly ReceivedSignal[]>;
  /**
   * Delivers the node's undone entries, those of an earlier life first, at most `concurrency` at a time.
   * `deliver` resolves when the flow has ended (the entry is DONE) and rejects to have it tried again, a bounded number of times.
   * The returned function stops new deliveries and resolves when none is running or `graceMs` is over.
   */
  attach(nodeKey: string, deliver: (entry: InboxEntry) => Promise<void>, options?: AttachOptions): (graceMs?: number) => Promise<void>;
}

export interface AttachOptions {
  readonly concurrency?: number;
  /** Of a trigger that takes answers: questions of this strategy that nobody answers in time are told to it. */
  readonly questionsOf?: { readonly strategyId: string; readonly source: string };
}

/** A page for a person's browser. */
export interface WebPage {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

/** A trigger of a running flow that acts by itself, as its host binds it to the runtime. */
export interface SourceBinding {
  /** Its source; `type` names it in the journal. */
  readonly definition: Source & { readonly type: string };
  /** Parsed parameters of the node. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly nodeKey: string;
  readonly strategyId: string;
}

/** A signal as a flow is given it. */
export type HandedSignal = Pick<InboxEntry, 'signalId' | 'source' | 'item'>;

export interface TriggerOptions {
  /** Flows of one trigger that may run at the same time; further signals wait in the inbox. Default 10. */
  readonly concurrency?: number;
  /** What the trigger says of itself: `next 15:20`. Not throttled. */
  readonly onStatus?: (text: string) => void;
}

/** Triggers that act by themselves: ticks, candles, schedules. */
export interface Triggers {
  /**
   * Starts one and delivers its signals, those of an earlier life first. `deliver` resolves when the flow has ended and rejects to have a durable
   * signal tried again, a bounded number of times. The returned function stops it and resolves when no delivery is running or `graceMs` is over.
   * A denial says why it can not start; nothing of it is left then.
   */
  start(binding: SourceBinding, deliver: (signal: HandedSignal) => Promise<void>, options?: TriggerOptions): Promise<Outcome<(graceMs?: number) => Promise<void>>>;
  /**
   * One signal for an editor's test: at once where the source can, otherwise the first that comes within `patienceMs`. It is a new one every time,
   * journalled as done under a node key of its own, and disturbs no trigger that runs.
   */
  tryOut(binding: SourceBinding, options: { readonly patienceMs: number; readonly cancelled?: AbortSignal }): Promise<Outcome<HandedSignal>>;
  /** Resolves when triggers have been told everything that happened to accounts by now, and their flows have ended: for replays, which have a time of their own. */
  settled(): Promise<void>;
}

/** The runtime as hosts, the CLI and tests use it. */
export interface Runtime {
  readonly store: Store;
  readonly ingress: Ingress;
  readonly triggers: Triggers;
  /** Stops, targets and trails, as far as this process watches them. */
  readonly protection: Pick<ProtectionKeeper, 'look' | 'guarded' | 'idle'>;
  /**
   * Makes an account known; its broker starts with the first use. Declaring again replaces the configuration and is recorded. Secrets are held in memory only;
   * without any, the ones it has stay, or the vault's are taken. Rejects with AccountRefused, in words for people, where the account can not be used so.
   */
  declareAccount(account: AccountConfig, secrets?: AccountSecrets): Promise<void>;
  /**
   * The world for one node and one item. The account must be declared; channels are where its alerts go, held in memory only.
   * `testStep` is set where a person tries the flow out: then a live account gets nothing, or exits only.
   */
  context(origin: Origin, connections?: { readonly channels?: readonly AlertChannel[]; readonly testStep?: TestStep | undefined }): NodeContext;
  now(): EpochMs;
  /** Whether that is the time of a recording, which every start plays from its beginning. */
  readonly isRecording: boolean;
  /** Ends subscriptions, lets running writes finish and closes the store. */
  close(): Promise<void>;
}
