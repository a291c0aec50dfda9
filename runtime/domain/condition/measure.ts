import type { Condition, Value } from './ast';
import { LIMITS } from './limits';

interface Part {
  readonly part: Condition | Value;
  readonly depth: number;
}

/** What exceeds the limits in a condition or value, in words; undefined where nothing does. Iterative: it also judges what is too deep to recurse into. */
export function excess(root: Condition | Value): string | undefined {
  const open: Part[] = [{ part: root, depth: 1 }];
  let nodes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    nodes += 1;
    const { depth } = next;
    if (depth > LIMITS.depth) return `more than ${LIMITS.depth} levels`;
    if (nodes > LIMITS.nodes) return `more than ${LIMITS.nodes} parts`;
    for (const part of partsOf(next.part)) open.push({ part, depth: depth + 1 });
  }
  return undefined;
}

/** The conditions and values directly inside. */
export function partsOf(part: Condition | Value): readonly (Condition | Value)[] {
  switch (part.kind) {
    case 'group': return part.conditions;
    case 'not': return [part.condition];
    case 'compare': case 'cross': case 'arithmetic': return [part.left, part.right];
    case 'between': return [part.value, part.low, part.high];
    case 'trend': case 'negate': return [part.value];
    case 'portion': return [part.of];
    case 'holds': return [part.reading];
    case 'reading': case 'number': case 'percent': return [];
  }
}
