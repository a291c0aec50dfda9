/** Longer words are compared by their beginning only. */
const MAX_COMPARED = 40;

/** The candidate with the fewest changes from `word`, when these are at most a third of its letters (at least one). Undefined otherwise. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase().slice(0, MAX_COMPARED);
  let best: { readonly name: string; readonly changes: number } | undefined;
  for (const name of candidates) {
    const changes = changesBetween(wanted, name.toLowerCase().slice(0, MAX_COMPARED));
    if (best === undefined || changes < best.changes) best = { name, changes };
  }
  return best !== undefined && best.changes <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : undefined;
}

/** Levenshtein's distance: insertions, deletions and replacements of one letter. */
function changesBetween(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
