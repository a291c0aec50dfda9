import type { InstrumentKey, Quote } from '../../../domain/market';
import type { BrokerUpdate, Clock, Ids, Log, MarketData } from '../../../domain/ports';
import { doDayWork, dueWork, pricesFor, type Desk, type PaperBook } from '../../../domain/paper';

export interface DayKeeperOptions {
  readonly desk: Desk;
  readonly book: PaperBook;
  readonly market: MarketData;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Told what became of orders, after it is written. */
  readonly tell: (news: readonly BrokerUpdate[]) => void;
  /** Called for every order that rests no more. */
  readonly ended: (orderId: string) => void;
}

export interface DayKeeper {
  look(): Promise<void>;
  /** Resolves when no look runs. */
  idle(): Promise<void>;
}

/** Looks whether the broker has something to do by itself, and does it. Looks that come while one runs share it. Rejects when the book fails: the next look tries again. */
export function dayKeeper({ desk, book, market, clock, ids, log, tell, ended }: DayKeeperOptions): DayKeeper {
  let running: Promise<void> | undefined;
  const told = new Set<string>();

  const priced = async (instrument: InstrumentKey): Promise<readonly (readonly [InstrumentKey, Quote])[]> => {
    try {
      const quote = await market.quote(instrument);
      return quote === undefined ? [] : [[instrument, quote]];
    } catch (error) {
      log.warn({ err: error, instrument }, 'The market data source failed.');
      return [];
    }
  };
  const work = async (): Promise<void> => {
    const due = await book.step((page) => dueWork(desk, page, clock.now()));
    if (due.length === 0) return;
    const quotes = new Map((await Promise.all(pricesFor(due).map(priced))).flat());
    const done = await book.step((page) => doDayWork(desk, page, { quotes, ids, now: clock.now() }));
    for (const { id } of done.ended) ended(id);
    tell(done.news);
    for (const { instrument, product } of done.waiting) {
      if (told.has(`${instrument} ${product}`)) continue;
      told.add(`${instrument} ${product}`);
      log.warn({ instrument, product }, 'The paper broker wants to close a position and knows no price; it waits for one.');
    }
  };
  return {
    look: () => (running ??= work().finally(() => { running = undefined; })),
    idle: () => (running ?? Promise.resolve()).catch((error: unknown) => log.error({ err: error }, 'The paper broker could not finish the look at its day.')),
  };
}
