import type { Quote } from '../../domain/market';
import type { Money } from '../../domain/money';
import { isLive, type Protection } from '../../domain/protection';
import { isBack, isOnLosingSide, type GroupEntry } from '../../domain/reEntry';
import { squareOffAt } from '../../domain/safety';
import type { EpochMs } from '../../domain/time';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';

export type ReEntryPorts = Pick<RouterPorts, 'store' | 'market' | 'instruments' | 'clock' | 'log' | 'calendar'>;

/** How a protected entry was stopped out. */
export interface StopOut {
  readonly entryPrice: Money;
  /** Where the stop lay: a stop with a loss shows that the price has been on the losing side. */
  readonly level?: Money;
  /** A price from before says nothing. */
  readonly at: EpochMs;
}

/** watch: stopped out, the price decides. wait: its protection still lives. over: nothing comes of it any more. */
export type Verdict = { readonly kind: 'watch'; readonly stop: StopOut } | { readonly kind: 'wait' } | { readonly kind: 'over'; readonly reason: string };

export function verdictOf(ports: ReEntryPorts, account: RoutedAccount, entry: GroupEntry, protection: Protection | undefined): Verdict {
  const over = whyOver(ports, account, entry);
  if (over !== undefined) return { kind: 'over', reason: over };
  if (protection === undefined) return { kind: 'over', reason: 'nothing protects the entry' };
  if (isLive(protection)) return { kind: 'wait' };
  const { status, exitReason, entryPrice, stopLevel: level, updatedAt: at } = protection;
  if (status !== 'DONE' || exitReason !== 'stop' || entryPrice === undefined) return { kind: 'over', reason: 'the position did not end at its stop' };
  return { kind: 'watch', stop: { entryPrice, ...(level === undefined ? {} : { level }), at } };
}

/** A re-entry belongs to the session of its entry, up to the time when positions are squared off. */
function whyOver({ clock, calendar, instruments }: ReEntryPorts, { config, sessions }: RoutedAccount, { tradingDay, instrument: key, product }: GroupEntry): string | undefined {
  const now = clock.now();
  if (sessions.tradingDay(now) !== tradingDay) return 'the day is over';
  const instrument = instruments.find(key, now);
  if (instrument === undefined) return 'the instrument is no longer known';
  if (!sessions.isOpen(instrument, now)) return 'the session is over';
  if (calendar === undefined || config.marketHours === 'always') return undefined;
  const at = squareOffAt(config.safety, calendar, instrument, product, now);
  return at !== undefined && now >= at ? 'positions are squared off' : undefined;
}

export interface ReturnWatch {
  readonly account: string;
  /** Looks at the newest price, and whether it is over; resolves when both are judged. */
  look(): Promise<void>;
  idle(): Promise<void>;
  /** True when nothing more comes of this watch. */
  isOver(): boolean;
  leave(): void;
}

/** Watches one instrument for the price of one entry. Every step is written before the next price is judged by it. */
export function createReturnWatch(ports: ReEntryPorts, account: RoutedAccount, entry: GroupEntry, stop: StopOut): ReturnWatch {
  const { store, clock, market, log } = ports;
  const { orderId, action } = entry;
  let isReady = entry.readyAt !== undefined;
  /** After a return that came too early only a price that is seen on the losing side counts again. */
  let sawEarly = entry.earlyAt !== undefined;
  let left = false;
  let next: Quote | undefined;
  let running: Promise<void> | undefined;

  async function step(quote: Quote | undefined): Promise<void> {
    const happenedAt = clock.now();
    const over = whyOver(ports, account, entry);
    if (over !== undefined) {
      await store.reEntries.end({ orderId, happenedAt, reason: over });
      leave();
      return;
    }
    const wasBeyond = !isReady && stop.level !== undefined && isOnLosingSide(action, stop.entryPrice, stop.level) && !sawEarly;
    const isBeyond = quote !== undefined && isFresh(quote) && isOnLosingSide(action, stop.entryPrice, quote.last);
    if (!isReady && (wasBeyond || isBeyond)) {
      await store.reEntries.ready({ orderId, happenedAt });
      isReady = true;
    }
    if (!isReady || quote === undefined || !isFresh(quote) || !isBack(action, stop.entryPrice, quote.last)) return;
    const touched = await store.reEntries.touch({ orderId, entryPrice: stop.entryPrice, happenedAt });
    if (touched === 'early') {
      isReady = false;
      sawEarly = true;
      return;
    }
    leave();
  }

  function isFresh({ at }: Quote): boolean {
    return at >= stop.at && clock.now() - at <= account.config.limits.maxQuoteAgeMs;
  }

  /** Resolves when the price has been judged: a recording waits for it, a live market does not. */
  function push(quote: Quote | undefined): Promise<void> {
    if (left) return running ?? Promise.resolve();
    next = quote;
    running ??= work().catch((error: unknown) => log.error({ orderId, err: error }, 'a re-entry could not be watched; it is tried again with the next price')).finally(() => { running = undefined; });
    return running;
  }

  async function work(): Promise<void> {
    let isFirst = true;
    while (!left && (isFirst || next !== undefined)) {
      const quote = next;
      next = undefined;
      isFirst = false;
      await step(quote);
    }
  }

  function leave(): void {
    left = true;
    unsubscribe();
  }

  const unsubscribe = market.subscribe(entry.instrument, push);
  return {
    account: entry.account,
    look: () => push(market.latest(entry.instrument)),
    idle: () => running ?? Promise.resolve(),
    isOver: () => left,
    leave,
  };
}
