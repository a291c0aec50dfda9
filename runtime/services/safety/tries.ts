import { EXIT_LADDER } from '../../domain/chase';
import { intentKey, orderIdOf } from '../../domain/intentKey';
import type { Origin } from '../../domain/order';
import type { Position } from '../../domain/position';
import { SAFETY_NODE } from '../../domain/safety';
import { SECOND_MS } from '../../domain/time';
import type { RouterPorts } from '../orderRouter/ports';

/** Exits of one position for one cause that follow each other at once; then people are told, and further ones are spaced. */
export const QUICK_TRIES = 5;
export const SPACE_MS = 20 * SECOND_MS;
/** Enough for a session; then it is a person's business. */
const MAX_TRIES = 2_000;
/** Positions of a cause that are remembered at the same time. */
const MAX_REMEMBERED = 1_000;

/** Counts exits of one position for one cause. What was decided before, an order that ended or a wish that came to nothing, is a try that is over: its key is used up. */
export interface Tries {
  /** Which exit is next, and after how many that rested and were taken back. `later`: not yet. `spent`: no more. */
  next(cause: string, position: Position): Promise<{ readonly origin: Origin; readonly number: number; readonly rested: number } | 'later' | 'spent'>;
}

/** The numbers are read off the journal, so that a restart goes on with them; what has been read is remembered, so that a look costs two reads. */
export function createTries({ store, clock }: Pick<RouterPorts, 'store' | 'clock'>): Tries {
  const remembered = new Map<string, number>();
  return {
    async next(cause, position) {
      const { account, strategyId, instrument, product } = position;
      const originOf = (number: number): Origin => ({ account, strategyId, nodeKey: SAFETY_NODE, signalId: `${cause} ${product} ${number}` });
      const keyOf = (number: number): string => intentKey({ ...originOf(number), instrument, leg: 0, purpose: 'exit' });
      const name = [cause, account, strategyId, instrument, product].join(' ');
      const used = await lastUsed(async (number) => (await store.intent(keyOf(number))) !== undefined, remembered.get(name) ?? 0);
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(name, used);
      if (used >= MAX_TRIES) return 'spent';
      if (used >= QUICK_TRIES && clock.now() - await decidedAt(keyOf(used)) < SPACE_MS) return 'later';
      return { origin: originOf(used + 1), number: used + 1, rested: await restedBefore(keyOf, used) };
    },
  };

  /** Tries that rested and were taken back since the last that was refused, as many as the ladder has steps. */
  async function restedBefore(keyOf: (number: number) => string, last: number): Promise<number> {
    let count = 0;
    while (count < EXIT_LADDER.steps && last > count && (await store.order(orderIdOf(keyOf(last - count))))?.status === 'CANCELLED') count += 1;
    return count;
  }

  /** When the try was over, as far as is known. */
  async function decidedAt(key: string): Promise<number> {
    const [intent, order] = [await store.intent(key), await store.order(orderIdOf(key))];
    return Math.max(intent?.recordedAt ?? -Infinity, order?.updatedAt ?? -Infinity);
  }
}

/** The last number that is used, at least `known`: numbers are used one after the other, so a few looks find it. */
async function lastUsed(isUsed: (number: number) => Promise<boolean>, known: number): Promise<number> {
  let low = known;
  let high = low + 1;
  for (let step = 1; high <= MAX_TRIES && await isUsed(high); step *= 2) {
    low = high;
    high = low + 2 * step;
  }
  high = Math.min(high, MAX_TRIES + 1);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isUsed(middle)) low = middle;
    else high = middle;
  }
  return low;
}
