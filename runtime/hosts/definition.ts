import type { z } from 'zod';
import type { Denial } from '../domain/denial';
import type { Envelope } from '../domain/envelope';
import type { Command, CommandResult, Data, Needs } from '../domain/nodeContext';
import type { Told } from '../domain/told';
import type { Source } from '../domain/trigger';
import type { WebhookReader } from '../domain/webhook';
import type { Completion, Meaning } from './meaning';

export interface Output<Port extends string = string> {
  readonly port: Port;
  readonly label: string;
}

/** A file that leaves a node with an item: a report. */
export interface EmittedFile {
  /** With its extension: `report.html`. One item has one file of a name. */
  readonly name: string;
  readonly mimeType: string;
  readonly text: string;
}

/** What leaves a node. Files become binary data in n8n (`report.html` as the property `report`), and in Node-RED `msg.files`, the first page of them `msg.html`. */
export interface Emission<Port extends string = string> {
  readonly port: Port;
  readonly item: Envelope;
  readonly files?: readonly EmittedFile[];
  /** Instead of the output's name on the canvas: Node-RED's status, n8n's hint above the output. */
  readonly told?: Told;
}

/** How a node ends for one item. */
export type Conclusion<Port extends string> =
  | { readonly kind: 'emit'; readonly emissions: readonly Emission<Port>[] }
  | { readonly kind: 'refuse'; readonly denial: Denial };

/** What a node decides: to end, or to have commands carried out first. */
export type Step<Port extends string> = Conclusion<Port> | { readonly kind: 'perform'; readonly commands: readonly Command[] };

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
  /** What a form's present values mean, in words; both editors show it while a person types. `of` takes values as they are saved, wrong ones too, and never throws. */
  readonly meaning?: {
    /** Parameters that it follows from. */
    readonly params: readonly string[];
    readonly of: (values: Readonly<Record<string, unknown>>) => Meaning;
    /** Words for fields in the condition language. */
    readonly completions?: readonly Completion[];
  };
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
  /** True where it changes nothing and asks for no order: n8n may offer it to its AI agents (decision 6). */
  readonly readsOnly?: true;
  readonly params: P;
  /** What it takes from the item; unknown keys pass through. A field that a set parameter of the same name replaces is not judged. */
  readonly reads: R;
  /** True where the item decides nothing (a kill switch): then nothing in it can stop the node. */
  ignoresItem?(params: z.infer<P>): boolean;
  /** What is done where the item can not be read: nodes that are asked for orders journal it. */
  unreadable?(params: z.infer<P>, item: Envelope, denial: Denial): Command | undefined;
  needs(params: z.infer<P>, item: z.infer<R>): N;
  decide(params: z.infer<P>, item: z.infer<R>, data: Data<N>): Step<Port>;
  conclude(params: z.infer<P>, item: z.infer<R>, results: readonly CommandResult[], data: Data<N>): Conclusion<Port>;
}

/** A trigger that is called from outside: a reader with a face. */
export interface WebhookTriggerDefinition<P extends z.ZodObject = z.ZodObject> extends DefinitionBase, WebhookReader<z.infer<P>> {
  readonly kind: 'webhookTrigger';
  readonly outputs: readonly [Output<'signal'>];
  readonly params: P;
}

/** A trigger that acts by itself: ticks, candles, the clock. */
export interface SourceTriggerDefinition<P extends z.ZodObject = z.ZodObject> extends DefinitionBase, Source<z.infer<P>> {
  readonly kind: 'sourceTrigger';
  readonly outputs: readonly [Output<'signal'>];
  readonly params: P;
}

export type NodeDefinition = ActionDefinition | WebhookTriggerDefinition | SourceTriggerDefinition;

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

/** Declares a trigger that acts by itself. */
export function defineSourceTrigger<P extends z.ZodObject>(definition: Omit<SourceTriggerDefinition<P>, 'kind'>): SourceTriggerDefinition<P> {
  return { kind: 'sourceTrigger', ...definition };
}
