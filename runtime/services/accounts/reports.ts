import type { BrokerUpdate } from '../../domain/ports';
import type { RoutedAccount, RouterPorts } from '../orderRouter/router';

/** The reports that a broker sends by itself, on their way into the journal. */
export interface Reports {
  /** Takes one in; the reports of one order are journalled in their order. */
  take(update: BrokerUpdate): void;
  /** Resolves when everything taken in so far is journalled, or has failed to be. */
  idle(): Promise<void>;
}

/**
 * Journals what a broker says of its orders. After a report that could not be journalled, later ones of that order are left out: an end without the
 * fills before it would stand as if nothing was missing, and only open orders are looked at again. The next look reads all of it at once.
 */
export function createReports({ store, clock, log }: RouterPorts, { sessions }: Pick<RoutedAccount, 'sessions'>): Reports {
  const underWay = new Map<string, Promise<void>>();
  const missed = new Set<string>();

  async function book(orderId: string, update: BrokerUpdate, before: Promise<void> | undefined): Promise<void> {
    await before;
    if (missed.has(orderId)) return;
    try {
      await store.applyUpdates({ orderId, updates: [update], tradingDay: sessions.tradingDay(clock.now()) });
    } catch (error) {
      missed.add(orderId);
      log.error({ error: String(error), update }, 'a report of the broker could not be journalled; the order is read again at the next look');
    }
  }

  return {
    take(update) {
      const orderId = update.kind === 'fill' ? update.fill.orderId : update.orderId;
      const job = book(orderId, update, underWay.get(orderId)).finally(() => {
        if (underWay.get(orderId) === job) underWay.delete(orderId);
      });
      underWay.set(orderId, job);
    },
    async idle() {
      await Promise.all(underWay.values());
    },
  };
}
