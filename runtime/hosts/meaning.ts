import type { Denial } from '../domain/denial';

/**
 * What a form's values mean, shown beside them while a person types: lines to read, or what is wrong and where.
 * `values` is the same meaning in other fields of the form (the text of a table and the table of a text), for switching between them.
 */
export type Meaning =
  | { readonly ok: true; readonly lines: readonly string[]; readonly values?: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly denial: Denial; readonly at?: { readonly text: string; readonly column: number } };

/** A word that a form proposes while a person types in the condition language. */
export interface Completion {
  readonly value: string;
  /** What it is, for people. */
  readonly label: string;
}
