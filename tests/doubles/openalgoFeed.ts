import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { z } from 'zod';

/** One client of the server. */
interface Client {
  readonly socket: WebSocket;
  readonly wire: Duplex;
  authenticated: boolean;
  /** `EXCHANGE:SYMBOL` to its mode. */
  readonly subscribed: Map<string, number>;
}

export interface OpenAlgoFeed {
  readonly url: string;
  readonly apiKey: string;
  /** What clients sent, as JSON, oldest first. */
  readonly received: Record<string, unknown>[];
  readonly behaviour: Behaviour;
  /** Sends a market_data frame to everyone who is subscribed; `data` as a broker gives it. */
  tick(instrument: string, data: Readonly<Record<string, unknown>>): void;
  /** Sends any frame to every authenticated client. */
  send(frame: string | Uint8Array): void;
  /** Breaks every connection in the middle of a frame. */
  resetMidFrame(): void;
  /** A protocol ping to everyone. */
  ping(): void;
  clients(): number;
  /** Resolves when a message that fits has been received, also one of the past. */
  until(fits: (message: Record<string, unknown>) => boolean, count?: number): Promise<void>;
  close(): Promise<void>;
}

export interface Behaviour {
  /** Nothing is answered any more, not even a protocol ping: the other half of the connection is gone. */
  halfOpen: boolean;
  /** Answers wait this long. */
  answerAfterMs: number;
  /** Refused as a broker would. */
  readonly unknown: Set<string>;
  /** An error instead of the verdict on a key. */
  authError: { readonly code: string; readonly message: string } | undefined;
}

const Message = z.record(z.string(), z.unknown());
const Symbols = z.array(z.object({ symbol: z.string(), exchange: z.string(), mode: z.number().optional() })).min(1);
const MODES: Readonly<Record<string, number>> = { ltp: 1, quote: 2, depth: 3 };
const MODE_NAMES = ['', 'LTP', 'Quote', 'Depth'];

/** A server that behaves as OpenAlgo's WebSocket proxy does, and misbehaves as the test says. */
export async function openAlgoFeed(): Promise<OpenAlgoFeed> {
  const apiKey = 'testkey';
  const clients = new Set<Client>();
  const received: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const behaviour: Behaviour = { halfOpen: false, answerAfterMs: 0, unknown: new Set(), authError: undefined };
  const http = createServer();
  const server = new WebSocketServer({ noServer: true, autoPong: false });

  http.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => {
    server.handleUpgrade(request, wire, head, (socket) => {
      const client: Client = { socket, wire, authenticated: false, subscribed: new Map() };
      clients.add(client);
      socket.on('close', () => clients.delete(client));
      socket.on('error', () => clients.delete(client));
      socket.on('ping', (data: Buffer) => { if (!behaviour.halfOpen) socket.pong(data); });
      socket.on('message', (data: RawData) => {
        if (!Buffer.isBuffer(data)) return;
        const message = parse(data.toString('utf8'));
        if (message !== undefined) received.push(message);
        const answers = behaviour.halfOpen ? [] : answer(client, message, { apiKey, behaviour });
        for (const call of [...waiting]) call();
        const send = (): void => { for (const frame of answers) socket.send(JSON.stringify(frame)); };
        if (behaviour.answerAfterMs === 0) send();
        else setTimeout(send, behaviour.answerAfterMs).unref();
      });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = z.custom<AddressInfo>((value) => typeof value === 'object').parse(http.address());

  const authenticated = (): readonly Client[] => [...clients].filter((client) => client.authenticated);
  return {
    url: `ws://127.0.0.1:${port}`, apiKey, received, behaviour,
    tick(instrument, data) {
      if (behaviour.halfOpen) return;
      const [exchange = '', symbol = ''] = instrument.split(':');
      for (const { socket, subscribed } of clients) {
        const mode = subscribed.get(instrument);
        if (mode !== undefined) socket.send(JSON.stringify({ type: 'market_data', symbol, exchange, mode, data, broker: 'simbroker' }));
      }
    },
    send: (frame) => { for (const { socket } of authenticated()) socket.send(frame); },
    resetMidFrame() {
      // A text frame of 100 bytes that ends after 4.
      for (const { wire } of clients) wire.write(Buffer.from([0x81, 100, 0x7b, 0x22, 0x74, 0x79]), () => wire.destroy());
    },
    ping: () => { for (const { socket } of clients) socket.ping(); },
    clients: () => clients.size,
    until: (fits, count = 1) => new Promise((resolve) => {
      const look = (): void => {
        if (received.filter(fits).length < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    }),
    async close() {
      for (const { socket } of clients) socket.terminate();
      server.close();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

type Frame = Readonly<Record<string, unknown>>;
const error = (code: string, message: string): Frame => ({ status: 'error', code, message });

/** What the server answers to one message, by its recorded contract. */
function answer(client: Client, message: Record<string, unknown> | undefined, { apiKey, behaviour }: { readonly apiKey: string; readonly behaviour: Behaviour }): readonly Frame[] {
  if (message === undefined) return [error('INVALID_JSON', 'Invalid JSON message')];
  const requestId = message['request_id'] === undefined ? {} : { request_id: message['request_id'] };
  if (message['action'] === 'authenticate') return [authenticate(client, message['api_key'], apiKey, behaviour)];
  if (!client.authenticated) return [error('NOT_AUTHENTICATED', 'You must authenticate first')];
  switch (message['action']) {
    case 'subscribe': return [{ ...subscribe(client, message, behaviour), ...requestId }];
    case 'subscribe_orders': return [{ type: 'subscribe_orders', status: 'success', message: 'Subscribed to order updates', ...requestId }];
    case 'unsubscribe': return [unsubscribe(client, message)];
    case 'unsubscribe_all':
      client.subscribed.clear();
      return [{ type: 'unsubscribe', status: 'success', message: 'Unsubscription processing complete', successful: [], failed: [], broker: 'simbroker' }];
    case 'ping': return [{ type: 'pong', status: 'success', server_timestamp: 1_795_220_676_801, client_timestamp: message['timestamp'], ...(message['_pingId'] === undefined ? {} : { _pingId: message['_pingId'] }) }];
    default: return [error('INVALID_ACTION', 'Invalid action')];
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return Message.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function authenticate(client: Client, key: unknown, apiKey: string, { authError }: Behaviour): Frame {
  if (authError !== undefined) return error(authError.code, authError.message);
  if (key !== apiKey) return error('AUTHENTICATION_ERROR', 'Invalid API key');
  client.authenticated = true;
  return { type: 'auth', status: 'success', message: 'Authentication successful', broker: 'simbroker', user_id: 'trader', supported_features: { ltp: true, quote: true, depth: true } };
}

function subscribe(client: Client, message: Record<string, unknown>, { unknown }: Behaviour): Frame {
  const symbols = Symbols.safeParse(message['symbols']);
  if (!symbols.success) return error('INVALID_PARAMETERS', 'At least one symbol must be specified');
  const asked = z.union([z.number(), z.string()]).catch('').parse(message['mode'] ?? 2);
  const mode = typeof asked === 'number' ? asked : MODES[asked.toLowerCase()];
  if (mode === undefined) return error('INVALID_MODE', `Invalid mode '${asked}'; expected 'LTP', 'Quote', or 'Depth' (case-insensitive)`);
  const subscriptions = symbols.data.map(({ symbol, exchange }) => {
    if (unknown.has(`${exchange}:${symbol}`)) return { symbol, exchange, status: 'error', message: 'Symbol not found', broker: 'simbroker' };
    client.subscribed.set(`${exchange}:${symbol}`, mode);
    return { symbol, exchange, status: 'success', mode: MODE_NAMES[mode], depth: 5, broker: 'simbroker' };
  });
  const status = subscriptions.every((entry) => entry.status === 'success') ? 'success' : 'partial';
  return { type: 'subscribe', status, subscriptions, message: 'Subscription processing complete', broker: 'simbroker' };
}

/** The mode defaults to 2: without it an LTP subscription stays. */
function unsubscribe(client: Client, message: Record<string, unknown>): Frame {
  const symbols = Symbols.safeParse(message['symbols']);
  if (!symbols.success) return error('INVALID_PARAMETERS', 'At least one symbol must be specified');
  const successful: Frame[] = [];
  const failed: Frame[] = [];
  for (const { symbol, exchange, mode = 2 } of symbols.data) {
    const known = client.subscribed.get(`${exchange}:${symbol}`) === mode;
    if (known) client.subscribed.delete(`${exchange}:${symbol}`);
    (known ? successful : failed).push({ symbol, exchange, status: known ? 'success' : 'error', broker: 'simbroker' });
  }
  return { type: 'unsubscribe', status: failed.length === 0 ? 'success' : 'partial', message: 'Unsubscription processing complete', successful, failed, broker: 'simbroker' };
}
