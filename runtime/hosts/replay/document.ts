import type { FlowGraph, GraphNode, Host } from './graph';

/** A flow's file with nothing left out: what a conversion writes again. */
export interface FlowDocument {
  readonly host: Host;
  /** Workflow or tab. */
  readonly id: string;
  readonly name: string;
  /** What the author wrote about the whole flow (a tab's description, a workflow's). */
  readonly info: string;
  /** Node-RED: the tab is disabled. n8n: false; a workflow is published elsewhere. */
  readonly disabled: boolean;
  /** Every node of the canvas, disabled ones too, in the file's order; notes and groups are beside. */
  readonly nodes: readonly DocumentNode[];
  /** Every wire, also those of disabled nodes. */
  readonly wires: readonly DocumentWire[];
  readonly notes: readonly DocumentNote[];
  readonly groups: readonly DocumentGroup[];
  /** Node-RED's configuration nodes that this flow's nodes point to, as they are saved (credentials are not in a file). */
  readonly configurations: readonly Saved[];
  /** n8n's workflow settings; Node-RED's environment of the tab. */
  readonly settings: Saved;
  /** n8n: names of nodes with pinned data, which only its editor uses. */
  readonly pinned?: readonly string[];
  /** n8n: names of the workflow's tags. */
  readonly tags?: readonly string[];
}
export type Saved = Readonly<Record<string, unknown>>;

export interface DocumentNode {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Of its middle in Node-RED, of its left upper corner in n8n, in pixels. */
  readonly at: Point;
  readonly disabled: boolean;
  /** The author's words about this node. */
  readonly notes: string;
  /** n8n: by credential type, `{ id, name }`. Node-RED: by property, the id of a configuration node. */
  readonly credentials: Readonly<Record<string, { readonly id?: string; readonly name?: string }>>;
  /** n8n: onError, retryOnFail and their like. Node-RED: none. */
  readonly settings: Saved;
  /** What it means, as if it were not disabled. */
  readonly reading: GraphNode;
  /** The entry of the file, untouched. */
  readonly saved: Saved;
}

export interface Point { readonly x: number; readonly y: number }

/** By ids of document nodes and numbers of output and input. */
export interface DocumentWire {
  readonly from: string;
  readonly output: number;
  readonly to: string;
  readonly input: number;
}

/** A sticky note or a comment. */
export interface DocumentNote {
  readonly id: string;
  /** A comment's heading; empty for a sticky note. */
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  readonly at: Point;
  readonly size?: { readonly width: number; readonly height: number };
  readonly saved: Saved;
}

export interface DocumentGroup {
  readonly id: string;
  readonly name: string;
  /** Ids of its nodes and notes. */
  readonly members: readonly string[];
  readonly saved: Saved;
}

/** One flow of a file. */
export interface ReadFlow {
  readonly host: Host;
  readonly graph: FlowGraph;
  readonly document: FlowDocument;
}
