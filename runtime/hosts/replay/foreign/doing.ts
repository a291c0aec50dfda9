import type { Expression, Json } from '../expressions/ast';

/**
 * What a translated node does, in the words of neither editor: for conversion, checks and reports. The node's own `run` is what decides;
 * where the editors compare or convert values differently, `as` says whose rules a part follows.
 */
export type Doing =
  /** A start by hand: n8n's Manual Trigger, Node-RED's Inject. */
  | { readonly kind: 'start'; readonly label: string }
  /** Hands on what it gets: NoOp, a link, a junction, a deactivated node of n8n. `link` where the wire is drawn as one. */
  | { readonly kind: 'pass'; readonly link?: 'in' | 'out' }
  /** Looks, and changes nothing: Debug. */
  | { readonly kind: 'look' }
  /** Takes the errors of other nodes; all of them where `nodes` is absent. */
  | { readonly kind: 'errors'; readonly nodes?: readonly string[]; readonly uncaughtOnly: boolean }
  /** IF, Switch, Filter. Branches are tried in order; with `first` the first that holds is the only one. */
  | { readonly kind: 'choose'; readonly branches: readonly Branch[]; readonly first: boolean; readonly otherwise?: string }
  /** Edit Fields, Change: steps in order. */
  | { readonly kind: 'change'; readonly steps: readonly ChangeStep[]; readonly keepOthers: boolean }
  | { readonly kind: 'merge'; readonly mode: 'append' | 'byPosition'; readonly inputs: number; readonly includeUnpaired: boolean }
  /** Waits for both inputs and hands on one of them, counted from 0. */
  | { readonly kind: 'await'; readonly input: number };

/** A way out of a node that chooses. `port` is the output's port, `label` its name on the canvas. */
export interface Branch {
  readonly port: string;
  readonly label?: string;
  readonly when: Test;
}

export type Test =
  | { readonly kind: 'all' | 'any'; readonly tests: readonly Test[] }
  | Comparison;

/** One comparison. `operator` is the editor's own name of it (n8n `number:gte`, Node-RED `gte`). */
export interface Comparison {
  readonly kind: 'compare';
  readonly as: 'n8n' | 'node-red';
  readonly operator: string;
  readonly left: Expression;
  readonly right?: Expression;
  /** The upper end of a range. */
  readonly upTo?: Expression;
  readonly ignoreCase: boolean;
  /** n8n: less strict type validation. */
  readonly loose: boolean;
}

/** Paths are keys from the item's root; Node-RED's other properties begin with `message`. */
export type ChangeStep =
  | { readonly kind: 'set'; readonly to: Place; readonly value: Expression; readonly type?: string }
  | { readonly kind: 'replace'; readonly in: Place; readonly from: Json; readonly fromPattern: boolean; readonly by: Expression }
  | { readonly kind: 'delete'; readonly at: Place }
  | { readonly kind: 'move'; readonly from: Place; readonly to: Place };

/** item: the item (n8n's json, msg.payload), by keys; an empty list is the item itself. message: a property of Node-RED's message beside the payload. */
export interface Place {
  readonly of: 'item' | 'message' | 'flow' | 'global';
  readonly path: readonly (string | number)[];
}
