import type { z } from 'zod';
import type { Denial, Outcome } from '../domain/denial';
import type { Envelope, OrderView, PositionView } from '../domain/envelope';
import type { Exchange, Instrument, Quote } from '../domain/market';
import type { Money } from '../domain/money';
import type { OrderType, Product, Purpose, Size } from '../domain/order';
import type { AlertChannel, AlertStatus, Funds, HeldLock } from '../domain/ports';
import type { FlowLimits } from '../domain/risk';
import type { EpochMs } from '../domain/time';

// ---------------------------------------------------------------- what a node may want to know

/** A symbol that was found, with what is known of it now. */
export interface Tradable {
  readonly instrument: Instrument;
  readonly quote?: Quote;
  /** Margin that one unit blocks in the asked product at the last price; absent without a price. */
  readonly marginPerUnit?: Money;
}

/** Data a node declares before it decides. Every kind has one result type. */
export type Need =
  | { readonly kind: 'tradable'; readonly exchange: Exchange; readonly symbol: string; readonly product: Product }
  | { readonly kind: 'positions'; readonly scope: 'strategy' | 'account'; readonly exchange?: Exchange; readonly symbol?: string }
  | { readonly kind: 'funds' }
  | { readonly kind: 'locks' };

export interface NeedResults {
  readonly tradable: Outcome<Tradable>;
  readonly positions: readonly PositionView[];
  readonly funds: Funds;
  readonly locks: readonly HeldLock[];
}

export type Needs = Readonly<Record<string, Need>>;
export type Data<N extends Needs> = { readonly [K in keyof N]: NeedResults[N[K]['kind']] };

// ---------------------------------------------------------------- what a node may want done

/** An order wanted of the router. Only the router builds intents and reaches brokers. */
export interface OrderRequest {
  readonly instrument: Instrument;
  readonly leg: number;
  readonly purpose: Purpose;
  readonly size: Size;
  readonly product: Product;
  readonly orderType: OrderType;
  readonly limitPrice?: Money;
  readonly triggerPrice?: Money;
  /** The flow's own, tightening limits. */
  readonly limits?: FlowLimits;
  /** Exits of the whole account are booked to the strategy that owns the position. */
  readonly strategyId?: string;
}

export type Command =
  | { readonly kind: 'place'; readonly request: OrderRequest }
  /** The gate's verdict without an order: what the router would say now. */
  | { readonly kind: 'assess'; readonly request: OrderRequest }
  | { readonly kind: 'cancelAll' }
  | { readonly kind: 'killSwitch'; readonly on: boolean; readonly reason: string }
  | { readonly kind: 'rearm' }
  | { readonly kind: 'acquireLock'; readonly name: string; readonly durationMs: number; readonly reason?: string }
  | { readonly kind: 'releaseLock'; readonly name: string }
  | { readonly kind: 'alert'; readonly severity: 'info' | 'warning' | 'critical'; readonly message: string; readonly channels: readonly AlertChannel[] };

export type CommandResult =
  | { readonly kind: 'place'; readonly outcome: PlaceResult }
  | { readonly kind: 'assess'; readonly verdict: Verdict }
  | { readonly kind: 'cancelAll'; readonly cancelled: number; readonly failed: readonly string[] }
  | { readonly kind: 'killSwitch'; readonly on: boolean }
  | { readonly kind: 'rearm' }
  | { readonly kind: 'acquireLock'; readonly acquired: boolean; readonly lock: HeldLock }
  | { readonly kind: 'releaseLock'; readonly released: boolean }
  | { readonly kind: 'alert'; readonly key: string; readonly status: AlertStatus; readonly duplicate: boolean };

/** placed: an order exists (its status says how far it got); refused: no order, or one the broker rejected; satisfied: nothing to do. */
export type PlaceResult =
  | { readonly kind: 'placed'; readonly order: OrderView }
  | { readonly kind: 'refused'; readonly denial: Denial; readonly order?: OrderView }
  | { readonly kind: 'satisfied'; readonly intentKey: string };

export type Verdict =
  | { readonly approved: true; readonly action: 'BUY' | 'SELL'; readonly quantity: number }
  | { readonly approved: false; readonly denial: Denial };

/** The world as one node of one flow sees it, for one item. */
export interface NodeContext {
  now(): EpochMs;
  fetch<N extends Needs>(needs: N): Promise<Data<N>>;
  /** Carries the commands out in order; the results stand in the same order. */
  perform(commands: readonly Command[]): Promise<readonly CommandResult[]>;
}

// ---------------------------------------------------------------- the definition

export interface Output<Port extends string = string> {
  readonly port: Port;
  readonly label: string;
}

export interface Emission<Port extends string = string> {
  readonly port: Port;
  readonly item: Envelope;
}

export type Step<Port extends string> =
  | { readonly kind: 'emit'; readonly emissions: readonly Emission<Port>[] }
  | { readonly kind: 'perform'; readonly commands: readonly Command[] }
  | { readonly kind: 'refuse'; readonly denial: Denial };

/** Connection facts that a host resolves from its own credential store and that are no ordinary parameters. */
export type ConnectionKind = 'account' | 'webhookSecret' | 'alertChannel';

interface DefinitionBase {
  /** camelCase and stable: `placeOrder`. Node-RED registers `bellwether-place-order`. */
  readonly type: string;
  /** Title Case, as in the palette. */
  readonly title: string;
  /** One sentence, sentence case. */
  readonly description: string;
  readonly version: number;
  /** Which saved parameter tells most about a node on the canvas (its subtitle). */
  readonly subtitle?: (params: Readonly<Record<string, unknown>>) => string;
  /** Parameters whose values make the subtitle, for hosts that build it from an expression. */
  readonly subtitleParams?: readonly string[];
  readonly params: z.ZodObject;
  readonly connections: readonly ConnectionKind[];
}

/**
 * An action node: three pure steps around the two things that only a context can do.
 * `needs` names data, `decide` looks at it and emits, refuses or asks for commands, `conclude` turns their results into items.
 * A refusal leaves through `refusalPort`; a node without one raises it as the host's error.
 */
export interface ActionDefinition<
  P extends z.ZodObject = z.ZodObject, R extends z.ZodObject = z.ZodObject, N extends Needs = Needs, Port extends string = string,
> extends DefinitionBase {
  readonly kind: 'action';
  readonly outputs: readonly Output<Port>[];
  readonly refusalPort?: Port;
  readonly params: P;
  /** What it takes from the item; unknown keys pass through. */
  readonly reads: R;
  needs(params: z.infer<P>, item: z.infer<R>): N;
  decide(params: z.infer<P>, item: z.infer<R>, data: Data<N>): Step<Port>;
  conclude(params: z.infer<P>, item: z.infer<R>, results: readonly CommandResult[]): readonly Emission<Port>[];
}

/** A webhook call as a trigger reads it: already capped, parsed by content and free of prototype keys. */
export type WebhookBody =
  | { readonly kind: 'json'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'text'; readonly text: string };

/** What a body means. A part of a body may fail (one stock of a scan) without hiding the rest. */
export interface Interpretation {
  readonly signals: readonly { readonly dedupeKey: string; readonly item: Envelope }[];
  readonly refused: readonly { readonly symbol: string; readonly denial: Denial }[];
  /** Milliseconds within which an equal key is a repeat; absent: for ever (the sender gave an id). */
  readonly duplicateWindowMs?: number;
}

export interface InterpretContext {
  readonly receivedAt: EpochMs;
  readonly nodeKey: string;
  /** The symbol grammar over the runtime's instruments as of the time of receipt. */
  resolve(exchange: Exchange, symbol: string): Outcome<Instrument>;
}

/** A trigger that is called from outside. The ingress service authenticates, journals and answers; the definition only reads. */
export interface WebhookTriggerDefinition<P extends z.ZodObject = z.ZodObject> extends DefinitionBase {
  readonly kind: 'webhookTrigger';
  readonly outputs: readonly [Output<'signal'>];
  readonly params: P;
  /** Where this source may carry its key; undefined when it did not. */
  secretIn(body: WebhookBody): string | undefined;
  /** True where the URL alone authenticates (the sender can not be given a key). */
  readonly urlAuthenticates: boolean;
  interpret(params: z.infer<P>, body: WebhookBody, context: InterpretContext): Outcome<Interpretation>;
}

export type NodeDefinition = ActionDefinition | WebhookTriggerDefinition;

/** Declares an action node; the type parameters are inferred. */
export function defineNode<P extends z.ZodObject, R extends z.ZodObject, const N extends Needs, const Port extends string>(
  definition: Omit<ActionDefinition<P, R, N, Port>, 'kind'>,
): ActionDefinition<P, R, N, Port> {
  return { kind: 'action', ...definition };
}

/** Declares a webhook trigger. */
export function defineWebhookTrigger<P extends z.ZodObject>(definition: Omit<WebhookTriggerDefinition<P>, 'kind'>): WebhookTriggerDefinition<P> {
  return { kind: 'webhookTrigger', ...definition };
}
