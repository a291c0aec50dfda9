import { createHash, type Hash } from 'node:crypto';

/** Lines that are kept to be shown beside a violation. */
const KEPT = 60;

/** Everything that happened, as one digest of all of it and the last lines in full. */
export class Trace {
  readonly #hash: Hash = createHash('sha256');
  readonly #last: string[] = [];
  #digest: string | undefined;

  add(line: string): void {
    this.#hash.update(`${line}\n`);
    this.#last.push(line);
    if (this.#last.length > KEPT) this.#last.shift();
  }

  get last(): readonly string[] {
    return this.#last;
  }

  /** Ends the trace. */
  digest(): string {
    return (this.#digest ??= this.#hash.digest('hex'));
  }
}
