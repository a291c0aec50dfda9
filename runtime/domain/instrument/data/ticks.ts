import type { TickBands } from '../../market';
import type { IsoDate } from '../../time';

/** Ticks by price, in rupees. A band reaches from the previous `upTo` to its own. */
export interface BandedTicks {
  /** Futures of days before have none. */
  readonly from: IsoDate;
  readonly bands: readonly { readonly upTo: number; readonly tick: number }[];
}

/**
 * NSE's revision of 15 April 2025: shares and their futures by the price of the share, index futures by the level of the index, both looked at once a month; options
 * stay at 0.05. A broker's notice of the circulars: fyers.in/notice-board/tick-size-revision-for-nse-derivatives-cash-segment-effective-april-15-2025.
 * Here the price itself stands for the month's close and for the level, which differ near a border only. The first cash band excludes 250; shares go by theirs on every day.
 */
export const BANDED_TICKS: Readonly<Record<TickBands, BandedTicks>> = {
  cash: {
    from: '2025-04-15',
    bands: [
      { upTo: 249.9999, tick: 0.01 }, { upTo: 1_000, tick: 0.05 }, { upTo: 5_000, tick: 0.1 },
      { upTo: 10_000, tick: 0.5 }, { upTo: 20_000, tick: 1 }, { upTo: Infinity, tick: 5 },
    ],
  },
  indexFutures: {
    from: '2025-04-15',
    bands: [{ upTo: 15_000, tick: 0.05 }, { upTo: 30_000, tick: 0.1 }, { upTo: Infinity, tick: 0.2 }],
  },
};
