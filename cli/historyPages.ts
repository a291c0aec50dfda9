import { STORED_LENGTH_MS, type CandleStore, type History, type StoredTimeframe } from '../runtime/domain/feed';
import type { Denial, Outcome } from '../runtime/domain/denial';
import type { Candle } from '../runtime/domain/candle';
import type { Instrument } from '../runtime/domain/market';
import type { Pause } from '../runtime/domain/ports';
import { addDays, indiaDate, indiaTime, weekdayOf, type TradingCalendar } from '../runtime/domain/session';
import { MINUTE_MS, type EpochMs, type IsoDate } from '../runtime/domain/time';

export interface Fetching {
  readonly history: History;
  readonly store: CandleStore;
  readonly instrument: Instrument;
  readonly timeframe: StoredTimeframe;
  readonly calendar: TradingCalendar;
  /** Name that the candles are kept under. */
  readonly source: string;
  /** Also what is there already. */
  readonly again: boolean;
  readonly now: () => EpochMs;
  readonly pause: Pause;
  readonly interrupted: () => boolean;
  /** `done` from 0 to 1. */
  readonly onProgress: (done: number, day: IsoDate, candles: number) => void;
}

/**
 * Why it ended. covered: all of it was asked for. beginning: the source has nothing older, in its own words where it said so. interrupted, failed: what is there until then
 * is kept, and asking again goes on from there.
 */
export type End = { readonly kind: 'covered' | 'interrupted' } | { readonly kind: 'beginning'; readonly words?: string } | { readonly kind: 'failed'; readonly denial: Denial };

export interface Fetched {
  readonly end: End;
  readonly candles: number;
  readonly pages: number;
  /** Pages that were there already. */
  readonly known: number;
  /** Of the oldest candle that is there of the stretch. */
  readonly oldest?: IsoDate;
}

/** What is asked for at once and kept before the next, in days: a broken connection costs this much at most. */
const DAYS_A_PAGE = { days: 300, shorter: 28 } as const;
const MOST_OF_A_PAGE = 200_000;
/** Pages without a candle behind some with: the listing, or the end of what the source keeps. */
const EMPTY_PAGES = 2;
/** Waits before a page is asked for again that was refused for being too many, or whose fate nobody knows. A reader has tried some times within seconds before. */
const WAITS_MS = [5_000, 20_000, 60_000];
const SLICE_MS = 500;
/** A day without candles that lies so far back has none: sources may be late by days. */
const LATE_DAYS = 7;

/**
 * The candles of whole days from `from` to `until` into the store, page by page from the newest backwards, because what a source keeps ends somewhere in the past.
 * Each page is durable before the next is asked for; days that are there already, or that the source was asked for, are left out. Today is never over.
 */
export async function fetchPages(fetching: Fetching, { from, until }: { readonly from: EpochMs; readonly until: EpochMs }): Promise<Fetched> {
  const { store, instrument, timeframe, interrupted } = fetching;
  const days = { oldest: indiaDate(from), newest: indiaDate(until - 1) };
  const asked = new Set(fetching.again ? [] : await store.asked(instrument.key, timeframe));
  const walk = new Walk(fetching, asked);
  for (let newest = days.newest; newest >= days.oldest; newest = addDays(newest, -walk.daysAPage)) {
    if (interrupted()) return walk.ended({ kind: 'interrupted' });
    const first = addDays(newest, 1 - walk.daysAPage);
    fetching.onProgress(daysBetween(newest, days.newest) / (daysBetween(days.oldest, days.newest) + 1), newest, walk.candles);
    const end = await walk.page(first > days.oldest ? first : days.oldest, newest);
    if (end !== undefined) return walk.ended(end);
  }
  return walk.ended({ kind: 'covered' });
}

function daysBetween(a: IsoDate, b: IsoDate): number {
  return (Date.parse(b) - Date.parse(a)) / (24 * 60 * MINUTE_MS);
}

/** One walk backwards with what it has seen so far. */
class Walk {
  candles = 0;
  readonly daysAPage: number;
  #pages = 0;
  #known = 0;
  #empty = 0;
  #newest: IsoDate | undefined;
  #oldest: IsoDate | undefined;

  constructor(private readonly fetching: Fetching, private readonly asked: ReadonlySet<IsoDate>) {
    this.daysAPage = DAYS_A_PAGE[fetching.timeframe === '1d' ? 'days' : 'shorter'];
  }

  ended(end: End): Fetched {
    return { end, candles: this.candles, pages: this.#pages, known: this.#known, ...(this.#oldest === undefined ? {} : { oldest: this.#oldest }) };
  }

  /** The days from `first` to `last`, both included. */
  async page(first: IsoDate, last: IsoDate): Promise<End | undefined> {
    const held = await this.#held(first, last);
    this.#saw(held);
    const days = this.#daysOf(first, last);
    const missing = days.filter((day) => this.fetching.again || !this.#isKnown(day, held));
    const [from] = missing;
    const until = missing.at(-1);
    if (from === undefined || until === undefined) this.#known += 1;
    else {
      const answer = await this.#asked({ from, until });
      if (answer === 'interrupted') return { kind: 'interrupted' };
      if (!answer.ok) return this.#isBeginning(answer.denial) ? this.#narrowed(missing, { refused: answer.denial, isWhole: until === days.at(-1) }) : { kind: 'failed', denial: answer.denial };
      await this.#keep(answer.value, missing);
      if (held.length === 0 && answer.value.length > 0) return this.#reached(false);
    }
    return this.#reached(held.length === 0);
  }

  /** What a source keeps may begin within these days: those that it gives, found by halves. Where newer days of the page were known (`isWhole` is false), they were found before. */
  async #narrowed(days: readonly IsoDate[], { refused, isWhole }: { readonly refused: Denial; readonly isWhole: boolean }): Promise<End> {
    let [low, high] = [0, days.length];
    while (isWhole && high - low > 1) {
      if (this.fetching.interrupted()) return { kind: 'interrupted' };
      const middle = Math.ceil((low + high) / 2);
      const part = days.slice(middle, high);
      const [from, until] = [part[0], part.at(-1)];
      if (from === undefined || until === undefined) break;
      const answer = await this.#asked({ from, until });
      if (answer === 'interrupted') return { kind: 'interrupted' };
      if (answer.ok) {
        await this.#keep(answer.value, part);
        high = middle;
      } else if (this.#isBeginning(answer.denial)) low = middle;
      else return { kind: 'failed', denial: answer.denial };
    }
    return { kind: 'beginning', words: refused.message };
  }

  #reached(isEmpty: boolean): End | undefined {
    this.#empty = isEmpty ? this.#empty + 1 : 0;
    return this.#newest !== undefined && this.#empty >= EMPTY_PAGES ? { kind: 'beginning' } : undefined;
  }

  /** A source that keeps a limited past refuses what lies before it; a symbol that it does not know at all is a failure. */
  #isBeginning({ code }: Denial): boolean {
    return this.#newest !== undefined && (code === 'NOT_SUPPORTED' || code === 'UNKNOWN_SYMBOL');
  }

  async #held(first: IsoDate, last: IsoDate): Promise<readonly Candle[]> {
    const { store, instrument, timeframe } = this.fetching;
    const held = await store.candles({ instrument: instrument.key, timeframe, from: indiaTime(first, '00:00'), until: indiaTime(addDays(last, 1), '00:00'), limit: MOST_OF_A_PAGE });
    return held.ok ? held.value : [];
  }

  #saw(candles: readonly Candle[]): void {
    const [oldest] = candles;
    const newest = candles.at(-1);
    if (oldest === undefined || newest === undefined) return;
    const [first, last] = [indiaDate(oldest.time), indiaDate(newest.time)];
    if (this.#newest === undefined || last > this.#newest) this.#newest = last;
    if (this.#oldest === undefined || first < this.#oldest) this.#oldest = first;
  }

  /** Days that may have candles: a weekday of a year that the calendar does not know may. */
  #daysOf(first: IsoDate, last: IsoDate): readonly IsoDate[] {
    const { calendar, instrument } = this.fetching;
    const days: IsoDate[] = [];
    for (let day = first; day <= last; day = addDays(day, 1)) {
      const { kind } = calendar.day(instrument, day);
      if (kind === 'open' || (kind === 'unknown' && weekdayOf(day) <= 5)) days.push(day);
    }
    return days;
  }

  /** A day that was asked for, or that has a candle in every place of its sessions. */
  #isKnown(day: IsoDate, held: readonly Candle[]): boolean {
    if (this.asked.has(day)) return true;
    const { calendar, instrument, timeframe } = this.fetching;
    const known = calendar.day(instrument, day);
    if (known.kind !== 'open') return false;
    if (timeframe === '1d') return held.some(({ time }) => indiaDate(time) === day);
    return known.sessions.every(({ from, until }) => held.filter(({ time }) => time >= from && time < until).length >= Math.ceil((until - from) / STORED_LENGTH_MS[timeframe]));
  }

  async #asked({ from, until }: { readonly from: IsoDate; readonly until: IsoDate }): Promise<Outcome<readonly Candle[]> | 'interrupted'> {
    const { history, instrument, timeframe, interrupted } = this.fetching;
    const request = { instrument: instrument.key, timeframe, from: indiaTime(from, '00:00'), until: Math.min(indiaTime(addDays(until, 1), '00:00'), this.fetching.now()), limit: MOST_OF_A_PAGE };
    for (let attempt = 0; ; attempt += 1) {
      const answer = await history.candles(request);
      const wait = WAITS_MS[attempt];
      if (answer.ok || wait === undefined || !this.#mayPass(answer.denial)) return answer;
      await this.#wait(wait);
      if (interrupted()) return 'interrupted';
    }
  }

  /** What is wrong before the first page is more often an address than a hiccup. */
  #mayPass({ code }: Denial): boolean {
    return code === 'TOO_MANY_REQUESTS' || (code === 'NOT_READY' && this.#pages > 0);
  }

  async #wait(ms: number): Promise<void> {
    for (let left = ms; left > 0 && !this.fetching.interrupted(); left -= SLICE_MS) await this.fetching.pause(Math.min(left, SLICE_MS));
  }

  async #keep(candles: readonly Candle[], days: readonly IsoDate[]): Promise<void> {
    const { store, instrument, timeframe, source } = this.fetching;
    await store.put(instrument.key, timeframe, candles, source);
    this.#saw(candles);
    const today = indiaDate(this.fetching.now());
    const sure = addDays(today, -LATE_DAYS);
    const over = days.filter((day) => day < today && (day <= sure || (this.#newest !== undefined && day <= this.#newest)));
    // A page without any candle may be a broker that is out of sorts: it is asked for again the next time.
    if (candles.length > 0) await store.markAsked(instrument.key, timeframe, over);
    this.candles += candles.length;
    this.#pages += 1;
  }
}
