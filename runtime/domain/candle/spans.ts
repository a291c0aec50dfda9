import type { EpochMs } from '../time';

/** From `from` up to, not including, `until`. */
export interface Span {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** More are joined with their neighbours, the time between them included. */
const MAX_SPANS = 64;

/** Stretches of time, in order and apart. */
export class Spans {
  #spans: readonly Span[] = [];

  get all(): readonly Span[] {
    return this.#spans;
  }

  get isEmpty(): boolean {
    return this.#spans.length === 0;
  }

  add({ from, until }: Span): void {
    if (until <= from) return;
    const apart = this.#spans.filter((span) => span.until < from || span.from > until);
    const touched = this.#spans.filter((span) => span.until >= from && span.from <= until);
    const joined = { from: Math.min(from, ...touched.map((span) => span.from)), until: Math.max(until, ...touched.map((span) => span.until)) };
    this.#spans = bounded([...apart, joined].sort((a, b) => a.from - b.from));
  }

  remove({ from, until }: Span): void {
    if (until <= from) return;
    this.#spans = this.#spans.flatMap((span) => [{ from: span.from, until: Math.min(span.until, from) }, { from: Math.max(span.from, until), until: span.until }])
      .filter((span) => span.from < span.until);
  }

  overlaps({ from, until }: Span): boolean {
    for (const span of this.#spans) if (span.from < until && span.until > from) return true;
    return false;
  }
}

function bounded(spans: readonly Span[]): readonly Span[] {
  if (spans.length <= MAX_SPANS) return spans;
  const [first, second, ...rest] = spans;
  return first === undefined || second === undefined ? spans : [{ from: first.from, until: second.until }, ...rest];
}
