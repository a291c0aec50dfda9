import type { Origin } from '../../domain/order';
import type { ChangeKind } from '../../domain/orderChange';
import { SECOND_MS } from '../../domain/time';
import type { RouterPorts } from './ports';
import { changeKey } from './target';

/** After a refusal the same wish is another one only after this; every further one waits longer. */
const AGAIN_MS = 20 * SECOND_MS;
/** Enough for a session: 20 + 40 + … seconds. */
const MAX_TIMES = 60;

/**
 * The step under which a wish about an order is asked for now. It stays the same while the outcome is open, so that whoever repeats it asks once; only where it was refused for good
 * the same wish is, a while later, another one: what was in the way may be gone.
 */
export async function stepOf({ store, clock }: RouterPorts, kind: ChangeKind, origin: Origin, orderId: string, wish?: string): Promise<string | undefined> {
  for (let times = 0; ; times += 1) {
    const words = [wish, times === 0 ? undefined : `again ${times}`].filter((word) => word !== undefined).join(' ');
    const step = words === '' ? undefined : words;
    if (times >= MAX_TIMES) return step;
    const known = await store.changes.find(changeKey(kind, origin, { kind: 'order', orderId, ...(step === undefined ? {} : { step }) }));
    if (known?.status !== 'REFUSED' || clock.now() - known.updatedAt < AGAIN_MS * (times + 1)) return step;
  }
}
