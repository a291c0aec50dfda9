/** Codes are stable; words may improve. */
export const RULE_CODES = [
  'order-without-gate', 'entry-without-exit', 'fires-twice', 'triggers-double', 'forming-candle', 'symbol-unresolved', 'no-kill-path',
  'node-key-twice', 'strategy-missing', 'order-unreached', 'refusal-unwired', 'live-without-square-off', 'parameters-refused', 'changed-after-gate', 'cycle',
] as const;
export type RuleCode = (typeof RULE_CODES)[number];

/** error: what would happen is almost surely not meant, or the flow can not run. warning: it may be meant; look at it. */
export type Severity = 'error' | 'warning';

/** What a rule says about some nodes of a flow. */
export interface Finding {
  readonly code: RuleCode;
  readonly severity: Severity;
  /** Names as on the canvas, the one to look at first. Empty where it is about the whole flow. */
  readonly nodes: readonly string[];
  /** One or two sentences. */
  readonly text: string;
  /** What a person can do about it. */
  readonly remedy: string;
}

/** One rule, in one file. */
export interface Rule<F> {
  readonly code: RuleCode;
  readonly severity: Severity;
  /** What is wrong, in a few words: for lists of rules. */
  readonly title: string;
  /** Where the rule comes from. */
  readonly source: string;
  /** What a person can do, where a finding does not say it better. */
  readonly remedy: string;
  /** Pure. A finding's severity and remedy are the rule's where it gives none. */
  readonly look: (flow: F) => readonly Found[];
}

export interface Found {
  readonly nodes: readonly string[];
  readonly text: string;
  readonly severity?: Severity;
  readonly remedy?: string;
}
