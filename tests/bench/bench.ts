/** What every section is given. */
export interface Bench {
  /** Rounds of every comparison. */
  readonly rounds: number;
  /** The project's folder. */
  readonly root: string;
  /** A new empty folder that is removed at the end. */
  folder(name: string): string;
  /** Says on standard error what goes on. */
  say(text: string): void;
  /** Adds a remark to the report. */
  note(text: string): void;
}
