import { WebSocket, type RawData } from 'ws';
import { z } from 'zod';
import { SECOND_MS } from '../../../domain/time';
import { heardOut, reopenedStream, type OrderStream, type StreamEnd, type StreamOptions } from '../following/reopenedStream';
import { frameText } from '../reading/frameText';

export interface OrderStreamOptions extends StreamOptions {
  /** Address of the gateway's WebSocket proxy: `ws://127.0.0.1:8765`, `wss://host/ws`. */
  readonly url: string;
  readonly apiKey: string;
}

const CONNECT_MS = 10 * SECOND_MS;
/** The server pings every 20 s. */
const SILENCE_MS = 60 * SECOND_MS;
const LARGEST_FRAME_BYTES = 1_024 * 1_024;

const Frame = z.object({ type: z.string().optional(), status: z.string().optional(), code: z.string().optional() });

/** The gateway's order updates, as a sign that the lists have news and as nothing more: updates come twice, late, out of order or not at all, and tell less than the lists. */
export function openAlgoOrderStream(options: OrderStreamOptions): OrderStream {
  return reopenedStream('openalgo', options, (hold) => {
    const socket = new WebSocket(options.url, { handshakeTimeout: CONNECT_MS, maxPayload: LARGEST_FRAME_BYTES, perMessageDeflate: false });
    hold(socket);
    return subscribe(socket, options);
  });
}

/** One connection from its opening to its end. */
async function subscribe(socket: WebSocket, { apiKey, onNews, log, silenceMs = SILENCE_MS }: OrderStreamOptions): Promise<StreamEnd> {
  let worked = false;
  let refused = '';
  // The close that follows is what counts; without a listener it would be an exception.
  socket.on('error', (error) => log.debug({ err: error, source: 'openalgo' }, 'the order stream\'s socket failed'));
  const code = await heardOut(socket, {
    silenceMs,
    onOpen: () => { socket.send(JSON.stringify({ action: 'authenticate', api_key: apiKey })); },
    onMessage(data) {
      const frame = read(data);
      if (frame.type === 'auth' && frame.status === 'success') socket.send(JSON.stringify({ action: 'subscribe_orders', request_id: 'orders' }));
      else if (frame.type === 'subscribe_orders') {
        worked = true;
        onNews();
      } else if (frame.type === 'order_update') onNews();
      else if (frame.status === 'error') refused = frame.code ?? 'UNKNOWN';
      if (refused !== '' && !worked) socket.close();
    },
  });
  return { worked, reason: refused === '' ? `closed with code ${code}` : refused };
}

function read(data: RawData): z.infer<typeof Frame> {
  try {
    return Frame.catch({}).parse(JSON.parse(frameText(data)));
  } catch {
    return {};
  }
}
