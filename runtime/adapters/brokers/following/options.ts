import type { Clock, Instruments, Log, Pause, Store } from '../../../domain/ports';
import { MINUTE_MS, SECOND_MS } from '../../../domain/time';
import type { OrderStream } from './reopenedStream';

/** What every adapter that follows orders by a broker's lists is made with. */
export interface FollowingOptions {
  readonly account: string;
  /** Where orders stand before they are sent; the adapter keeps no file of its own. */
  readonly journal: Pick<Store, 'order' | 'orders' | 'openOrders' | 'fills'>;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly log: Log;
  readonly pause?: Pause;
  /** Between two looks at the lists while orders move; default 1,000. */
  readonly fastMs?: number;
  /** The same in quiet times and after failures; default 10,000. */
  readonly slowMs?: number;
  /** Opens what tells that the lists have news; closed with the broker. Without it they are only read from time to time. */
  readonly stream?: (onNews: () => void) => OrderStream;
}

export const FAST_MS = SECOND_MS;
export const SLOW_MS = 10 * SECOND_MS;
/** A list may lack an order that was accepted, for so long. Later its absence is told. */
export const LIST_LAG_MS = 5 * MINUTE_MS;
/** Lists this young serve every question about orders that were sent before. */
export const FRESH_MS = SECOND_MS;
