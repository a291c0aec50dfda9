import type { Truth } from '../../runtime/domain/condition';

export interface EdgeRule {
  /** `whileTrue` says yes to every true; `becomesTrue` to those that follow a false. */
  readonly again: 'becomesTrue' | 'whileTrue';
  /** What to say of a first true of which nobody knows, or of which is known, that it was true before. */
  readonly atStart: boolean;
}

/**
 * When a condition has become true, of one symbol. An unknown changes nothing: true, unknown, true is one true, so that a candle with a hole
 * makes no second signal.
 */
export class Edge {
  #known: Truth = 'unknown';

  constructor(private readonly rule: EdgeRule) {}

  /** `before` is how it stood a candle earlier; asked at most until something is known. */
  fires(now: Truth, before: () => Truth): boolean {
    if (now === 'unknown') return false;
    const first = this.#known === 'unknown';
    const earlier = first && now === 'true' ? before() : this.#known;
    this.#known = now;
    if (now === 'false') return false;
    return this.rule.again === 'whileTrue' || earlier === 'false' || (first && this.rule.atStart);
  }
}
