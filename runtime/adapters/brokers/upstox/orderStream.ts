import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { Log, Pause } from '../../../domain/ports';
import { SECOND_MS } from '../../../domain/time';
import { backgroundPause } from '../../system/pause';
import { systemRandom } from '../../system/random';
import { frameText } from '../reading/frameText';
import { authorizedSocket } from './authorizedSocket';
import type { UpstoxClient } from './client';

export interface OrderStreamOptions {
  readonly client: UpstoxClient;
  /** Something was said of some order, or may have been missed. */
  readonly onNews: () => void;
  readonly log: Log;
  readonly pause?: Pause;
  readonly random?: () => number;
  /** Silence after which the connection counts as dead; default 90,000. Upstox pings where it has nothing to say; how often is not written down [?]. */
  readonly silenceMs?: number;
}

export interface OrderStream {
  close(): Promise<void>;
}

const PATH = '/v2/feed/portfolio-stream-feed/authorize';
const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = 60 * SECOND_MS;
const Frame = z.object({ update_type: z.string() });

/**
 * Upstox' updates of orders, as a sign that the lists have news and as nothing more: updates come twice, late, out of order or not at all, and tell no trades.
 * Each connection asks for leave first. Opened again with growing waits for as long as it is open, seldom where the token is over; without it the lists are still read, only later.
 */
export function upstoxOrderStream(options: OrderStreamOptions): OrderStream {
  const { client, log, pause = backgroundPause, random = systemRandom } = options;
  const end = Promise.withResolvers<undefined>();
  let socket: WebSocket | undefined;
  let closed = false;
  const isOpen = (): boolean => !closed;

  const once = async (): Promise<{ readonly worked: boolean; readonly useless: boolean; readonly reason: string }> => {
    const made = await authorizedSocket({ client, path: PATH, query: { update_types: 'order' } });
    if (!made.ok) return { worked: false, useless: made.denial.code === 'SESSION_EXPIRED', reason: made.denial.message };
    socket = made.value;
    if (!isOpen()) socket.terminate();
    return { ...await listen(socket, options), useless: false };
  };
  const run = async (): Promise<void> => {
    for (let waitMs = FIRST_WAIT_MS; isOpen(); waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      const { worked, useless, reason } = await once();
      if (!isOpen()) return;
      log.warn({ source: 'upstox', reason }, 'the order stream ended and is opened again');
      if (worked) waitMs = FIRST_WAIT_MS;
      if (useless) waitMs = LONGEST_WAIT_MS;
      await Promise.race([pause(waitMs * (1 + random() / 2)), end.promise]);
    }
  };
  const running = run();
  return {
    async close() {
      closed = true;
      end.resolve(undefined);
      socket?.terminate();
      await running;
    },
  };
}

/** One connection from its opening to its end. */
function listen(socket: WebSocket, { onNews, silenceMs = 90 * SECOND_MS }: OrderStreamOptions): Promise<{ readonly worked: boolean; readonly reason: string }> {
  let worked = false;
  const silence = setTimeout(() => socket.terminate(), silenceMs).unref();
  return new Promise((resolve) => {
    socket.on('open', () => {
      worked = true;
      onNews();
    });
    socket.on('message', (data) => {
      silence.refresh();
      if (isNews(data)) onNews();
    });
    socket.on('ping', () => silence.refresh());
    socket.on('close', (code) => {
      clearTimeout(silence);
      resolve({ worked, reason: `closed with code ${code}` });
    });
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
