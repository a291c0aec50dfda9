import type { InstrumentKey, Quote } from '../../../domain/market';
import type { Log, MarketData } from '../../../domain/ports';
import { isResting, type PaperOrder } from '../../../domain/paper';

export interface RestingOrdersOptions {
  readonly market: MarketData;
  readonly log: Log;
  /** Whether a quote would change an order; asked for every quote, without I/O. */
  readonly concerns: (order: PaperOrder, quote: Quote) => boolean;
  /** Carries the change out in the book; resolves to the order as it stands then. */
  readonly advance: (order: PaperOrder, quote: Quote) => Promise<PaperOrder | undefined>;
}

interface Watch {
  readonly orders: Map<string, PaperOrder>;
  readonly leave: () => void;
  /** The newest quote not yet looked at; older ones that nobody had time for are dropped. */
  latest?: Quote;
  running?: Promise<void>;
}

/** Watches the market for the orders that rest, subscribed to an instrument only while one rests in it. Quotes of an instrument are worked on one at a time. */
export function restingOrders({ market, log, concerns, advance }: RestingOrdersOptions) {
  const watches = new Map<InstrumentKey, Watch>();
  let closed = false;

  const drop = (instrument: InstrumentKey, orderId: string): void => {
    const watch = watches.get(instrument);
    if (watch === undefined) return;
    watch.orders.delete(orderId);
    if (watch.orders.size > 0) return;
    watches.delete(instrument);
    watch.leave();
  };
  const workOn = async (watch: Watch): Promise<void> => {
    while (watch.latest !== undefined) {
      const quote = watch.latest;
      delete watch.latest;
      for (const order of [...watch.orders.values()].filter((candidate) => concerns(candidate, quote))) {
        const after = await advance(order, quote);
        if (after !== undefined && isResting(after)) watch.orders.set(after.id, after);
        else drop(order.instrument, order.id);
      }
    }
  };
  /** Resolves, if at all there is work, when it is done. */
  const onQuote = (instrument: InstrumentKey, quote: Quote): Promise<void> | undefined => {
    const watch = watches.get(instrument);
    if (watch === undefined || closed || ![...watch.orders.values()].some((order) => concerns(order, quote))) return undefined;
    watch.latest = quote;
    watch.running ??= workOn(watch)
      .catch((error: unknown) => log.error({ err: error, instrument }, 'A resting order could not be advanced; the next quote tries again.'))
      .finally(() => { delete watch.running; });
    return watch.running;
  };

  return {
    add(order: PaperOrder): void {
      if (closed) return;
      const { instrument } = order;
      const watch = watches.get(instrument) ?? { orders: new Map<string, PaperOrder>(), leave: market.subscribe(instrument, (quote) => onQuote(instrument, quote)) };
      watch.orders.set(order.id, order);
      watches.set(instrument, watch);
    },
    remove(orderId: string): void {
      for (const [instrument, watch] of watches) if (watch.orders.has(orderId)) drop(instrument, orderId);
    },
    /** Ends all subscriptions and waits for the work that runs. */
    async close(): Promise<void> {
      closed = true;
      const running = [...watches.values()].flatMap((watch) => watch.running ?? []);
      for (const watch of watches.values()) watch.leave();
      watches.clear();
      await Promise.all(running);
    },
  };
}
