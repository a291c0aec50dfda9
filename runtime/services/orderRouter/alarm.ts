import type { NewAccountEvent } from '../../domain/accountEvent';
import type { Order } from '../../domain/order';
import type { RouterPorts } from './ports';

/** Tells people, once for each key, through the account's events and the log. */
export async function alarm({ store, clock, log }: Pick<RouterPorts, 'store' | 'clock' | 'log'>, event: Omit<NewAccountEvent, 'happenedAt'>): Promise<void> {
  const { duplicate } = await store.events.record({ ...event, happenedAt: clock.now() });
  if (!duplicate) log.error({ key: event.key, orderId: event.orderId }, event.message);
}

/** What an alarm about an order begins with. */
export function aboutOrder({ account, strategyId, instrument, id, signalId, action, quantity, filledQuantity }: Order): Pick<NewAccountEvent, 'account' | 'strategyId' | 'instrument' | 'orderId' | 'signalId' | 'facts'> {
  return { account, strategyId, instrument, orderId: id, signalId, facts: { action, quantity, filledQuantity } };
}
