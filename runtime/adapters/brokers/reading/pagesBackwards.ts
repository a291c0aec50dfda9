import type { Candle } from '../../../domain/candle/candle';
import { ok, type Outcome } from '../../../domain/denial';
import type { History } from '../../../domain/feed';
import { addDays } from '../../../domain/session';
import type { EpochMs, IsoDate } from '../../../domain/time';

export type HistoryRequest = Parameters<History['candles']>[0];
export type HistoryAnswered = Outcome<readonly Candle[]>;

/** Ten years of days at 300 a page, four of minutes at 28. */
const MOST_PAGES = 52;
/** So much without a single candle lies before the listing, or before what the broker keeps. */
const EMPTY_PAGES = 2;

/** A stretch of whole days in India, both included. */
export interface DaySpan {
  readonly start: IsoDate;
  readonly end: IsoDate;
}

/** The days from `oldest` to `newest` in pieces of so many, the newest first; at most 52 pieces. */
export function* daysBackwards({ oldest, newest, daysAPage }: { readonly oldest: IsoDate; readonly newest: IsoDate; readonly daysAPage: number }): Generator<DaySpan> {
  let end = newest;
  for (let count = 0; count < MOST_PAGES && end >= oldest; count += 1) {
    const from = addDays(end, 1 - daysAPage);
    const start = from > oldest ? from : oldest;
    yield { start, end };
    end = addDays(start, -1);
  }
}

/**
 * The newest candles of a request, read page by page from the newest backwards until it is full, the pages are used up, or nothing more comes. What lies outside of the
 * stretch, and what a page gives twice, is left out. A broker that keeps a limited past refuses what lies before it: after the first page that is the end, and no failure.
 */
export async function readBackwards<Page>({ from, limit }: HistoryRequest, until: EpochMs, pages: Iterable<Page>, read: (page: Page) => Promise<HistoryAnswered>): Promise<HistoryAnswered> {
  let found: readonly Candle[] = [];
  let empty = 0;
  let isFirst = true;
  for (const page of pages) {
    if (found.length >= limit || empty >= EMPTY_PAGES) break;
    const answer = await read(page);
    if (!answer.ok) {
      if (isFirst || !isEndOfHistory(answer)) return answer;
      break;
    }
    isFirst = false;
    const before = found[0]?.time ?? until;
    const earlier = answer.value.filter(({ time }) => time >= from && time < before);
    empty = earlier.length === 0 ? empty + 1 : 0;
    found = [...earlier, ...found];
  }
  return ok(found.slice(-limit));
}

/** Whatever else goes wrong may not pass for the end. */
function isEndOfHistory({ denial: { code } }: Extract<HistoryAnswered, { ok: false }>): boolean {
  return code === 'NOT_SUPPORTED' || code === 'UNKNOWN_SYMBOL';
}
