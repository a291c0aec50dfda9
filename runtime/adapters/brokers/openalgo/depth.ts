import { z } from 'zod';
import { deny, ok, type Outcome } from '../../../domain/denial';
import type { Depth, DepthLevel } from '../../../domain/feed';
import { splitKey, type InstrumentKey } from '../../../domain/market';
import { toMoney } from '../../../domain/money';
import type { Clock, Pause } from '../../../domain/ports';
import { backgroundPause } from '../../system/pause';
import { Numeric } from '../reading/fields';
import { createPacer } from '../reading/pacer';
import type { OpenAlgoClient } from './client';

export interface OpenAlgoDepthOptions {
  readonly client: OpenAlgoClient;
  readonly clock: Clock;
  readonly pause?: Pause;
  /** Least time between two requests, over all instruments. Default 200. */
  readonly everyMs?: number;
  /** Requests that may wait for their turn at once. Default 50. */
  readonly mostWaiting?: number;
}

const MOST_LEVELS = 200;
const Level = z.object({ price: Numeric, quantity: Numeric });
const DepthAnswer = z.object({ data: z.object({ bids: z.array(Level).max(MOST_LEVELS), asks: z.array(Level).max(MOST_LEVELS) }) });

/**
 * Best prices by level, asked of the gateway when somebody wants them: its tick stream is opened for prices and volume, which costs a fraction of five levels
 * for every symbol. NOT_READY where the answer holds no level, as outside of trading hours.
 */
export function openAlgoDepth({ client, clock, pause = backgroundPause, everyMs = 200, mostWaiting = 50 }: OpenAlgoDepthOptions): (instrument: InstrumentKey) => Promise<Outcome<Depth>> {
  const pacer = createPacer({ clock, pause, everyMs, mostWaiting });
  return async (instrument) => {
    if (!await pacer.turn()) return deny('TOO_MANY_REQUESTS', 'Too many requests for depth wait for OpenAlgo already.');
    const answer = await client.read('depth', splitKey(instrument), DepthAnswer);
    if (!answer.ok) return answer;
    const [bids, asks] = [levelsOf(answer.value.data.bids), levelsOf(answer.value.data.asks)];
    if (bids.length === 0 && asks.length === 0) return deny('NOT_READY', `OpenAlgo shows no orders of ${instrument}.`, { field: 'symbol', remedy: 'Ask during market hours.' });
    return ok({ instrument, bids, asks, at: clock.now() });
  };
}

/** Levels without a price or a quantity are places for orders that are not there. */
function levelsOf(levels: readonly z.infer<typeof Level>[]): readonly DepthLevel[] {
  return levels.filter(({ price, quantity }) => price > 0 && quantity > 0).map(({ price, quantity }) => ({ price: toMoney(price), quantity }));
}
