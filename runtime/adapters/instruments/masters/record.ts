/** One line of a list: its fields by name. Values of a CSV are texts. */
export interface MasterRecord {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A line that is no record at all. */
export interface BrokenLine {
  readonly line: number;
  readonly why: string;
}

/** Longer records are no instruments. */
export const MAX_RECORD_LENGTH = 16_384;
