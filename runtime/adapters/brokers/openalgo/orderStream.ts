import { WebSocket, type RawData } from 'ws';
import { z } from 'zod';
import type { Log, Pause } from '../../../domain/ports';
import { SECOND_MS } from '../../../domain/time';
import { backgroundPause } from '../../system/pause';
import { systemRandom } from '../../system/random';
import { frameText } from '../reading/frameText';

export interface OrderStreamOptions {
  /** Address of the gateway's WebSocket proxy: `ws://127.0.0.1:8765`, `wss://host/ws`. */
  readonly url: string;
  readonly apiKey: string;
  /** Something was said of some order, or may have been missed. */
  readonly onNews: () => void;
  readonly log: Log;
  readonly pause?: Pause;
  readonly random?: () => number;
  /** Silence after which the connection counts as dead; default 60,000: the server pings every 20 s. */
  readonly silenceMs?: number;
}

export interface OrderStream {
  close(): Promise<void>;
}

const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = 60 * SECOND_MS;
const CONNECT_MS = 10 * SECOND_MS;
const LARGEST_FRAME_BYTES = 1_024 * 1_024;

const Frame = z.object({ type: z.string().optional(), status: z.string().optional(), code: z.string().optional() });

/**
 * The gateway's order updates, as a sign that the lists have news and as nothing more: updates come twice, late, out of order or not at all, and tell less than the lists.
 * Reconnects with growing waits for as long as it is open; without it the lists are still read, only later.
 */
export function openAlgoOrderStream(options: OrderStreamOptions): OrderStream {
  const { log, pause = backgroundPause, random = systemRandom } = options;
  const end = Promise.withResolvers<undefined>();
  let socket: WebSocket | undefined;
  let closed = false;
  const isOpen = (): boolean => !closed;

  const run = async (): Promise<void> => {
    for (let waitMs = FIRST_WAIT_MS; isOpen(); waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      socket = new WebSocket(options.url, { handshakeTimeout: CONNECT_MS, maxPayload: LARGEST_FRAME_BYTES, perMessageDeflate: false });
      const { subscribed, reason } = await listen(socket, options);
      if (!isOpen()) return;
      log.warn({ source: 'openalgo', reason }, 'the order stream ended and is opened again');
      if (subscribed) waitMs = FIRST_WAIT_MS;
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
function listen(socket: WebSocket, { apiKey, onNews, log, silenceMs = 60 * SECOND_MS }: OrderStreamOptions): Promise<{ readonly subscribed: boolean; readonly reason: string }> {
  let subscribed = false;
  let refused = '';
  const silence = setTimeout(() => socket.terminate(), silenceMs).unref();
  const onFrame = (data: RawData): void => {
    silence.refresh();
    const frame = read(data);
    if (frame.type === 'auth' && frame.status === 'success') socket.send(JSON.stringify({ action: 'subscribe_orders', request_id: 'orders' }));
    else if (frame.type === 'subscribe_orders') {
      subscribed = true;
      onNews();
    } else if (frame.type === 'order_update') onNews();
    else if (frame.status === 'error') refused = frame.code ?? 'UNKNOWN';
    if (refused !== '' && !subscribed) socket.close();
  };
  return new Promise((resolve) => {
    socket.on('open', () => socket.send(JSON.stringify({ action: 'authenticate', api_key: apiKey })));
    socket.on('message', onFrame);
    socket.on('ping', () => silence.refresh());
    // The close that follows is what counts; without a listener it would be an exception.
    socket.on('error', (error) => log.debug({ err: error, source: 'openalgo' }, 'the order stream\'s socket failed'));
    socket.on('close', (code) => {
      clearTimeout(silence);
      resolve({ subscribed, reason: refused === '' ? `closed with code ${code}` : refused });
    });
  });
}

function read(data: RawData): z.infer<typeof Frame> {
  try {
    return Frame.catch({}).parse(JSON.parse(frameText(data)));
  } catch {
    return {};
  }
}
