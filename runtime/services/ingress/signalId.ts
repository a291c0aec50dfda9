import { digest } from '../../domain/intentKey';
import type { EpochMs } from '../../domain/time';

const LENGTH = 32;

/**
 * The id of a signal: from the trigger's own key and what the sender said, so that every host, restart and re-send meets the same one.
 * Where equal content may be a new signal later (`windowed`), the time of receipt tells the two apart. 32 hex digits.
 */
export function signalIdOf({ nodeKey, dedupeKey, windowed, receivedAt }: { nodeKey: string; dedupeKey: string; windowed: boolean; receivedAt: EpochMs }): string {
  return digest(['signal', nodeKey, dedupeKey, ...(windowed ? [receivedAt] : [])]).slice(0, LENGTH);
}
