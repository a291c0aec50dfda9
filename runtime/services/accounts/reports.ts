import { TERMINAL_STATUSES } from '../../domain/order';
import type { BrokerUpdate } from '../../domain/ports';
import type { RoutedAccount, RouterPorts } from '../orderRouter/router';

/** The reports that a broker sends by itself, on their way into the journal. */
export interface Reports {
  /** Takes one in; the reports of one order are journalled in their order. */
  take(update: BrokerUpdate): void;
  /** Resolves when everything taken in so far is journalled, or has failed to be. */
  idle(): Promise<void>;
  /** Orders of which a report is missing. */
  missed(): number;
}

/**
 * Journals what a broker says of its orders. After a report that could not be journalled, later ones of that order are left out: an end without the
 * fills before it would stand as if nothing was missing, and only open orders are looked at again. The next look reads all of it at once. Once it has found the
 * order's end, reports count again: what comes then is late, and nothing before it is missing.
 */
export function createReports({ store, clock, log }: RouterPorts, { sessions }: Pick<RoutedAccount, 'sessions'>): Reports {
  const underWay = new Map<string, Promise<void>>();
  const missed = new Set<string>();

  async function book(orderId: string, update: BrokerUpdate, before: Promise<void> | undefined): Promise<void> {
    await before;
    try {
      if (missed.has(orderId) && !await hasEnded(orderId)) return;
      await store.applyUpdates({ orderId, updates: [update], tradingDay: sessions.tradingDay(clock.now()) });
    } catch (error) {
      missed.add(orderId);
      void forgetEnded();
      log.error({ error: String(error), update }, 'a report of the broker could not be journalled; the order is read again at the next look');
    }
  }

  /** Nothing before its end is missing by now. */
  async function hasEnded(orderId: string): Promise<boolean> {
    const order = await store.order(orderId);
    const isOver = order !== undefined && TERMINAL_STATUSES.has(order.status);
    if (isOver) missed.delete(orderId);
    return isOver;
  }

  /** So that only open orders are remembered. A journal that can not be read now is asked with the next one that is missed. */
  async function forgetEnded(): Promise<void> {
    for (const orderId of missed) await hasEnded(orderId).catch((error: unknown) => { log.debug({ orderId, error: String(error) }, 'an order of which a report was missed could not be read'); });
  }

  return {
    missed: () => missed.size,
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
