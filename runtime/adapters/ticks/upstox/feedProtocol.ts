import protobuf from 'protobufjs/light';
import { z } from 'zod';

/**
 * The fields of Upstox' feed V3 that are read, by their numbers on the wire (package `com.upstox.marketdatafeederv3udapi.rpc.proto`). Fields that are not named here are skipped by the decoder.
 * Kinds of frames and modes are small numbers.
 */
const field = (type: string, id: number) => ({ type, id });
const FEEDS: protobuf.IMapField = { keyType: 'string', ...field('Feed', 2) };
const ROOT = protobuf.Root.fromJSON({
  nested: {
    LastTrade: { fields: { ltp: field('double', 1), ltt: field('int64', 2), ltq: field('int64', 3), cp: field('double', 4) } },
    Level: { fields: { bidQ: field('int64', 1), bidP: field('double', 2), askQ: field('int64', 3), askP: field('double', 4) } },
    Levels: { fields: { bidAskQuote: { rule: 'repeated', ...field('Level', 1) } } },
    Greeks: { fields: { delta: field('double', 1), theta: field('double', 2), gamma: field('double', 3), vega: field('double', 4), rho: field('double', 5) } },
    MarketFull: { fields: { ltpc: field('LastTrade', 1), marketLevel: field('Levels', 2), optionGreeks: field('Greeks', 3), vtt: field('int64', 6), oi: field('double', 7), iv: field('double', 8) } },
    IndexFull: { fields: { ltpc: field('LastTrade', 1) } },
    Full: { fields: { marketFF: field('MarketFull', 1), indexFF: field('IndexFull', 2) } },
    FirstLevel: { fields: { ltpc: field('LastTrade', 1), firstDepth: field('Level', 2), optionGreeks: field('Greeks', 3), vtt: field('int64', 4), oi: field('double', 5), iv: field('double', 6) } },
    Feed: { fields: { ltpc: field('LastTrade', 1), fullFeed: field('Full', 2), firstLevelWithGreeks: field('FirstLevel', 3) } },
    FeedResponse: { fields: { type: field('int32', 1), feeds: FEEDS, currentTs: field('int64', 3) } },
  },
});
const FeedResponse = ROOT.lookupType('FeedResponse');

/** Above 1e11 no price can be held exactly. */
const Price = z.number().refine((value) => Math.abs(value) < 1e11);
const Whole = z.number().int();
/** A part that can not be read is as good as absent, except for the last trade: without it there is nothing to tell. */
const LastTrade = z.object({ ltp: Price, ltt: Whole.optional().catch(undefined), cp: Price.optional().catch(undefined) });
const Level = z.object({ bidQ: Whole.optional(), bidP: Price.optional(), askQ: Whole.optional(), askP: Price.optional() });
export type FeedLevel = z.infer<typeof Level>;
const Figure = z.number().optional().catch(undefined);
const Greeks = z.object({ delta: Figure, theta: Figure, gamma: Figure, vega: Figure, rho: Figure }).optional().catch(undefined);
export const FeedEntry = z.union([
  z.object({ fullFeed: z.object({ marketFF: z.object({ ltpc: LastTrade, marketLevel: z.object({ bidAskQuote: z.array(Level).max(200).optional() }).optional().catch(undefined), optionGreeks: Greeks, vtt: Whole.optional().catch(undefined), oi: Figure, iv: Figure }) }) })
    .transform(({ fullFeed: { marketFF: { ltpc, marketLevel, optionGreeks, vtt, oi, iv } } }) => ({ ltpc, levels: marketLevel?.bidAskQuote ?? [], greeks: optionGreeks, vtt: vtt ?? 0, oi, iv })),
  z.object({ fullFeed: z.object({ indexFF: z.object({ ltpc: LastTrade }) }) }).transform(({ fullFeed: { indexFF: { ltpc } } }) => ({ ltpc, levels: [], greeks: undefined, vtt: undefined, oi: undefined, iv: undefined })),
  z.object({ firstLevelWithGreeks: z.object({ ltpc: LastTrade, firstDepth: Level.optional().catch(undefined), optionGreeks: Greeks, vtt: Whole.optional().catch(undefined), oi: Figure, iv: Figure }) })
    .transform(({ firstLevelWithGreeks: { ltpc, firstDepth, optionGreeks, vtt, oi, iv } }) => ({ ltpc, levels: firstDepth === undefined ? [] : [firstDepth], greeks: optionGreeks, vtt: vtt ?? 0, oi, iv })),
  z.object({ ltpc: LastTrade }).transform(({ ltpc }) => ({ ltpc, levels: [], greeks: undefined, vtt: undefined, oi: undefined, iv: undefined })),
]);
export type FeedEntry = z.infer<typeof FeedEntry>;

const Frame = z.object({ type: z.number().optional(), currentTs: Whole.optional().catch(undefined), feeds: z.record(z.string(), z.unknown()).optional() });
export type FeedFrame = z.infer<typeof Frame>;

/** A binary frame; undefined for bytes that are none. What a number of 0 means is the reader's business: zeros are not on the wire. */
export function decodeFrame(bytes: Uint8Array): FeedFrame | undefined {
  try {
    return Frame.safeParse(FeedResponse.toObject(FeedResponse.decode(bytes), { longs: Number })).data;
  } catch {
    // Bytes that break off, or that are no frame at all: the decoder knows no other complaint.
    return undefined;
  }
}
