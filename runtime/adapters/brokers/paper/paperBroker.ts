import type { PaperAccount } from '../../../domain/account';
import { ok } from '../../../domain/denial';
import { asMoney } from '../../../domain/money';
import type { Quote } from '../../../domain/market';
import type { Broker, BrokerOrder, BrokerPosition, BrokerUpdate, Clock, Ids, Instruments, ListedOrder, Log, MarketData, PlaceOutcome, Sessions } from '../../../domain/ports';
import { averagePrice, type Position } from '../../../domain/position';
import { createTradingCalendar, type TradingCalendar } from '../../../domain/session';
import type { EpochMs } from '../../../domain/time';
import { acceptOrder, advanceOrder, cancelOrder, concerns, deliveredOf, fillsOf, fundsOf, isResting, totalsOf, unitMargin, type Desk, type PaperBook, type PaperOrder } from '../../../domain/paper';
import { dayKeeper } from './dayKeeper';
import { restingOrders } from './restingOrders';

/** Of the day's orders, besides those that rest. */
const MOST_LISTED = 500;
/** The newest orders, in which those are found whose shares have not arrived. */
const MOST_FRESH = 2_000;

export interface PaperBrokerOptions {
  readonly account: PaperAccount;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly market: MarketData;
  readonly instruments: Instruments;
  readonly sessions: Sessions;
  /** When sessions end and begin: for what the broker does by itself. Default: the bundled calendar. */
  readonly calendar?: TradingCalendar;
  /** Does work from time to time until the returned function is called: how the broker looks at its day. Default: only when its lists are asked for. */
  readonly everySoOften?: (work: () => Promise<void>) => () => void;
  /** none: trading costs nothing but its price. Default: what brokers, exchanges and the state charge. */
  readonly charges?: 'exchange' | 'none';
  /** The broker's memory; closed with the broker. */
  readonly book: PaperBook;
  readonly log: Log;
}

/**
 * A broker without a market behind it: fills against the quotes it is given, with margin and charges, remembering everything in its own book.
 * Orders that rest are resumed from the book when it opens and watched while the process lives; several processes may share one book.
 * `find` proves absence, because acceptance is written before `place` resolves. A known order id gets what became of it, and nothing is placed again.
 */
export async function paperBroker(options: PaperBrokerOptions): Promise<Broker> {
  const { account, clock, ids, market, instruments, sessions, book, log, calendar = createTradingCalendar() } = options;
  const desk: Desk = { account, instruments, sessions, calendar, ...(options.charges === undefined ? {} : { charges: options.charges }) };
  const listeners = new Set<{ readonly call: (update: BrokerUpdate) => void }>();

  const tell = (updates: readonly BrokerUpdate[]): void => {
    for (const update of updates) {
      for (const { call } of [...listeners]) {
        try {
          call(update);
        } catch (error) {
          log.error({ err: error, update }, 'A listener of the paper broker failed.');
        }
      }
    }
  };
  const advance = async (order: PaperOrder, quote: Quote): Promise<PaperOrder | undefined> => {
    const { row, news } = await book.step((page) => advanceOrder(desk, page, order, quote, clock.now()));
    tell(news);
    return row;
  };
  const resting = restingOrders({ market, log, concerns: (order, quote) => concerns(desk, order, quote, clock.now()), advance });
  for (const order of await book.step((page) => page.resting())) resting.add(order);
  const day = dayKeeper({ desk, book, market, clock, ids, log, tell, ended: (orderId) => resting.remove(orderId) });
  const look = (): Promise<void> => day.look().catch((error: unknown) => log.error({ err: error }, 'The paper broker could not look at its day; it is tried again.'));
  const stopLooking = options.everySoOften?.(look);

  return {
    capabilities: { lookupProvesAbsence: true, positionsCoverHoldings: true, sharesJournal: book.sharesJournal },
    async place(order) {
      const quote = await quoteOf(market, order, log);
      const arrival = { order: wireOrder(order), brokerOrderId: ids.next(), quote, at: clock.now() };
      try {
        const row = await book.step((page) => page.order(order.id) ?? acceptOrder(desk, page, arrival));
        if (isResting(row)) resting.add(row);
        return outcomeOf(row);
      } catch (error) {
        log.error({ err: error, orderId: order.id }, 'The paper book failed while an order was placed.');
        return { kind: 'unknown', reason: 'The paper book failed; whether the order was written has to be looked up.' };
      }
    },
    async cancel(orderId) {
      const result = await book.step((page) => cancelOrder(page, orderId, clock.now()));
      if (!result.ok) return result;
      resting.remove(orderId);
      tell(result.news);
      return { ok: true };
    },
    async find(orderId) {
      const row = await book.step((page) => page.order(orderId));
      // The process that watched it may have died since.
      if (row !== undefined && isResting(row)) resting.add(row);
      return row === undefined ? undefined : { brokerOrderId: row.brokerOrderId, updates: row.updates };
    },
    async orders() {
      await day.look();
      const rows = await book.step((page) => new Map([...page.recent(MOST_LISTED), ...page.resting()].map((row) => [row.id, row])));
      const today = sessions.tradingDay(clock.now());
      return ok([...rows.values()].filter((row) => isResting(row) || row.byBroker !== undefined || sessions.tradingDay(row.placedAt) === today).map(listedOrder));
    },
    async positions() {
      await day.look();
      const { open, orders } = await book.step((page) => {
        const positions = page.openPositions();
        return { open: positions, orders: positions.some(({ product }) => product === 'CNC') ? page.recent(MOST_FRESH) : [] };
      });
      return ok(open.map((position) => listed(desk, position, orders, clock.now())));
    },
    // Nothing is promised by it: an order is covered or refused when it arrives.
    funds: () => book.look((page) => fundsOf(desk, page)),
    marginPerUnit: (instrument, product, price) => unitMargin({ instrument, product, action: 'BUY', price }),
    onUpdate(call) {
      const listener = { call };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      stopLooking?.();
      await day.idle();
      await resting.close();
      await book.close();
    },
  };
}

/** What the broker did by itself is nobody's order: it comes without an id of ours, for as long as it is among the newest, because whoever keeps the journal may have been away. */
function listedOrder(row: PaperOrder): ListedOrder {
  const { id, brokerOrderId, instrument, action, quantity, filledQuantity, product, status, placedAt, byBroker } = row;
  const { value, charges } = totalsOf(fillsOf(row));
  return {
    brokerOrderId, instrument, action, quantity, filledQuantity, product, placedAt, status: status === 'OPEN' && filledQuantity > 0 ? 'PARTIALLY_FILLED' : status,
    ...(byBroker === undefined ? { orderId: id } : {}), ...(filledQuantity === 0 ? {} : { averagePrice: asMoney(Math.round(value / filledQuantity)), charges }),
  };
}

function listed({ calendar, instruments }: Desk, position: Position, orders: readonly PaperOrder[], now: EpochMs): BrokerPosition {
  const { product, quantity } = position;
  const average = averagePrice(position);
  const share = product === 'CNC' ? instruments.find(position.instrument) : undefined;
  return { instrument: position.instrument, product, quantity, ...(average === undefined ? {} : { averagePrice: average }), ...(share === undefined ? {} : { delivered: deliveredOf(calendar, share, position, orders, now) }) };
}

/** A feed that fails is a market without a price: the order is refused, not left in doubt. */
async function quoteOf(market: MarketData, order: BrokerOrder, log: Log): Promise<Quote | undefined> {
  try {
    return await market.quote(order.instrument);
  } catch (error) {
    log.warn({ err: error, instrument: order.instrument }, 'The market data source failed.');
    return undefined;
  }
}

/** Only what a broker is told: callers may hand a richer object. A quantity that no file can hold becomes 0, which is refused. */
function wireOrder({ id, instrument, action, quantity, product, orderType, limitPrice, triggerPrice }: BrokerOrder): BrokerOrder {
  return {
    id, instrument, action, product, orderType,
    quantity: Number.isFinite(quantity) ? quantity : 0,
    ...(limitPrice === undefined ? {} : { limitPrice: asMoney(limitPrice) }),
    ...(triggerPrice === undefined ? {} : { triggerPrice: asMoney(triggerPrice) }),
  };
}

/** Accepted orders begin with ACCEPTED; a refusal is all that is said of a rejected one. */
function outcomeOf(row: PaperOrder): PlaceOutcome {
  const [first] = row.updates;
  if (first?.kind === 'status' && first.status === 'REJECTED' && first.denial !== undefined) return { kind: 'rejected', denial: first.denial };
  return { kind: 'accepted', brokerOrderId: row.brokerOrderId, updates: row.updates };
}
