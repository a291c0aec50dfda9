import type { Depth, DepthLevel, Tick } from '../../../domain/feed';
import type { InstrumentKey } from '../../../domain/market';
import { toMoney, type Money } from '../../../domain/money';
import type { EpochMs } from '../../../domain/time';
import { decodeFrame, FeedEntry, type FeedLevel } from './feedProtocol';

/** Figures of an option as Upstox computes them: Greeks, `iv` as a share of 1 a year [?], open interest in units. */
export interface OptionFigures {
  readonly instrument: InstrumentKey;
  readonly at: EpochMs;
  readonly delta?: number;
  readonly theta?: number;
  readonly gamma?: number;
  readonly vega?: number;
  readonly rho?: number;
  readonly iv?: number;
  readonly openInterest?: number;
}

/** What one entry of a frame says. */
export interface Said {
  readonly tick: Tick;
  readonly depth?: Depth;
  readonly figures?: OptionFigures;
}

/** A frame in our words: entries of instruments that are followed, and how many entries could not be read. `market` frames tell of sessions and hold no prices. */
export type ReadFrame = { readonly kind: 'garbage' } | { readonly kind: 'prices'; readonly said: readonly Said[]; readonly unreadable: number };

/** Reads one binary frame. `instrumentOf` knows what is followed; `receivedAt` stands in where Upstox gives no time. */
export function readFrame(bytes: Uint8Array, { instrumentOf, receivedAt }: { readonly instrumentOf: (upstoxKey: string) => InstrumentKey | undefined; readonly receivedAt: EpochMs }): ReadFrame {
  const frame = decodeFrame(bytes);
  if (frame === undefined) return { kind: 'garbage' };
  const said: Said[] = [];
  let unreadable = 0;
  const sentAt = timeOf(frame.currentTs);
  for (const [upstoxKey, raw] of Object.entries(frame.feeds ?? {})) {
    const instrument = instrumentOf(upstoxKey);
    if (instrument === undefined) continue;
    const entry = FeedEntry.safeParse(raw);
    if (entry.success) said.push(saidOf(instrument, entry.data, sentAt, receivedAt));
    else unreadable += 1;
  }
  return { kind: 'prices', said, unreadable };
}

function saidOf(instrument: InstrumentKey, { ltpc, levels, greeks, vtt, oi, iv }: FeedEntry, sentAt: EpochMs | undefined, receivedAt: EpochMs): Said {
  const at = timeOf(ltpc.ltt) ?? sentAt ?? receivedAt;
  const bids = side(levels, ({ bidP, bidQ }) => [bidP, bidQ]);
  const asks = side(levels, ({ askP, askQ }) => [askP, askQ]);
  const [bid, ask] = [bids[0]?.price, asks[0]?.price];
  const tick: Tick = {
    instrument, at, last: toMoney(ltpc.ltp),
    ...(sentAt !== undefined && sentAt > at ? { quotedAt: sentAt } : {}), ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }),
    ...(vtt === undefined || vtt < 0 ? {} : { dayVolume: vtt }), ...(ltpc.cp === undefined || ltpc.cp <= 0 ? {} : { previousClose: toMoney(ltpc.cp) }),
  };
  const figures = { ...defined({ ...greeks, iv }), ...(oi === undefined ? {} : { openInterest: oi }) };
  return {
    tick, ...(bids.length === 0 && asks.length === 0 ? {} : { depth: { instrument, bids, asks, at: sentAt ?? at } }),
    ...(greeks === undefined && iv === undefined ? {} : { figures: { instrument, at: sentAt ?? at, ...figures } }),
  };
}

/** Levels without a price or a quantity are places for orders that are not there. */
function side(levels: readonly FeedLevel[], of: (level: FeedLevel) => readonly [number | undefined, number | undefined]): readonly DepthLevel[] {
  return levels.flatMap((level) => {
    const [price = 0, quantity = 0] = of(level);
    return price > 0 && quantity > 0 ? [{ price: priced(price), quantity }] : [];
  });
}

function priced(price: number): Money {
  return toMoney(price);
}

/** 1973 and 2286: numbers outside are no milliseconds of a trade. */
const FIRST_TIME = 1e11;
const LAST_TIME = 1e13;

function timeOf(at: number | undefined): EpochMs | undefined {
  return at === undefined || at < FIRST_TIME || at > LAST_TIME ? undefined : at;
}

function defined(figures: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(figures).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
