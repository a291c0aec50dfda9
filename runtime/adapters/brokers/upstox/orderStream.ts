import type { RawData } from 'ws';
import { z } from 'zod';
import { SECOND_MS } from '../../../domain/time';
import { heardOut, reopenedStream, type OrderStream, type StreamOptions } from '../following/reopenedStream';
import { frameText } from '../reading/frameText';
import { authorizedSocket } from './authorizedSocket';
import type { UpstoxClient } from './client';

export interface OrderStreamOptions extends StreamOptions {
  readonly client: UpstoxClient;
}

const PATH = '/v2/feed/portfolio-stream-feed/authorize';
/** Upstox pings where it has nothing to say; how often is not written down [?]. */
const SILENCE_MS = 90 * SECOND_MS;
const Frame = z.object({ update_type: z.string() });

/**
 * Upstox' updates of orders, as a sign that the lists have news and as nothing more: updates come twice, late, out of order or not at all, and tell no trades.
 * Each connection asks for leave first; where the token is over it is asked for seldom.
 */
export function upstoxOrderStream({ client, onNews, silenceMs = SILENCE_MS, ...options }: OrderStreamOptions): OrderStream {
  return reopenedStream('upstox', options, async (hold) => {
    const made = await authorizedSocket({ client, path: PATH, query: { update_types: 'order' } });
    if (!made.ok) return { worked: false, useless: made.denial.code === 'SESSION_EXPIRED', reason: made.denial.message };
    hold(made.value);
    let worked = false;
    const code = await heardOut(made.value, {
      silenceMs,
      onOpen() {
        worked = true;
        onNews();
      },
      onMessage(data) {
        if (isNews(data)) onNews();
      },
    });
    return { worked, reason: `closed with code ${code}` };
  });
}

/** A frame that can not be read is news too: it may have been about an order. */
function isNews(data: RawData): boolean {
  try {
    const frame = Frame.safeParse(JSON.parse(frameText(data)));
    return !frame.success || frame.data.update_type === 'order';
  } catch {
    return true;
  }
}
