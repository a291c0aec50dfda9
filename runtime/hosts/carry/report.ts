/** choose: a person must choose something that no file holds. changed: it acts as before, but looks otherwise. lost: it is not in the new file as it was; read why. */
export type CarryKind = 'choose' | 'changed' | 'lost';

/** One line of a conversion's report. */
export interface CarryLine {
  readonly kind: CarryKind;
  /** The node's name; empty where it is about the whole flow. */
  readonly node: string;
  readonly text: string;
}

/** A converted flow: what the other editor imports, and all that is not as it was. */
export interface Conversion {
  readonly file: unknown;
  readonly report: readonly CarryLine[];
}
