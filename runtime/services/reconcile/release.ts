import type { Order } from '../../domain/order';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';

/** Ends an exit of unknown outcome of which the broker's lists have proven that it did not fill: its units are free for the next exit. The order's end is its event; a fill that came all the same would count. */
export async function releaseExit({ store, clock, log }: RouterPorts, { sessions }: RoutedAccount, { id: orderId, action, quantity, instrument }: Order): Promise<void> {
  const now = clock.now();
  const denial = { code: 'EXPIRED_UNSENT', message: 'Its answer was lost; the broker does not list it, and still holds the units that it was to close.' } as const;
  await store.applyUpdates({ orderId, updates: [{ kind: 'status', orderId, status: 'EXPIRED', denial, happenedAt: now }], tradingDay: sessions.tradingDay(now) });
  log.warn({ orderId, action, quantity, instrument }, 'an exit of unknown outcome is released: the positions prove that it did not fill');
}
