import protobuf from 'protobufjs/minimal';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { z } from 'zod';

/** What one entry of a market frame says. */
export interface Quoted {
  readonly ltp: number;
  /** Epoch milliseconds of the last trade. */
  readonly ltt: number;
  readonly volume?: number;
  /** [bid quantity, bid, ask quantity, ask], best first. */
  readonly levels?: readonly (readonly [number, number, number, number])[];
  readonly greeks?: { readonly delta: number; readonly theta: number; readonly gamma: number; readonly vega: number; readonly rho: number };
  readonly iv?: number;
  readonly oi?: number;
  /** An index has neither volume nor levels. */
  readonly index?: true;
}

const Request = z.object({ guid: z.string(), method: z.enum(['sub', 'unsub', 'change_mode']), data: z.object({ mode: z.string().optional(), instrumentKeys: z.array(z.string()) }) });
type Request = z.infer<typeof Request>;

interface Client {
  readonly socket: WebSocket;
  readonly wire: Duplex;
  readonly kind: string;
  /** Key to mode. */
  readonly followed: Map<string, string>;
}

export interface UpstoxSockets {
  /** An address that works once. */
  leave(kind: 'market' | 'orders', base: string): string;
  upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void;
  /** Requests of market clients, oldest first. */
  readonly requests: readonly Request[];
  /** Addresses that were used a second time, or never given. */
  readonly refused: () => number;
  /** Tells everyone who follows the key, in the form of the mode asked for. */
  quote(key: string, quoted: Quoted, sentAt: number): void;
  /** Any bytes to every market client; a text goes as a text frame. */
  raw(frame: Uint8Array | string): void;
  /** A frame to every listener of orders. */
  order(frame: object | string): void;
  /** Breaks every connection in the middle of a frame. */
  resetMidFrame(): void;
  /** Closes every connection, with a code. */
  drop(code?: number): void;
  clients(kind: 'market' | 'orders'): number;
  /** Resolves when the condition holds, looked at after each event of a socket. */
  until(holds: () => boolean): Promise<void>;
  close(): void;
}

/** Upstox' two streams. Nothing is answered to a subscription but the first prices; text frames are not understood. */
export function upstoxSockets(): UpstoxSockets {
  const server = new WebSocketServer({ noServer: true });
  const open = new Set<string>();
  const clients = new Set<Client>();
  const requests: Request[] = [];
  const waiting = new Set<() => void>();
  let codes = 0;
  let refused = 0;
  const look = (): void => { for (const call of [...waiting]) call(); };

  const welcome = (socket: WebSocket, wire: Duplex, kind: string): void => {
    const client: Client = { socket, wire, kind, followed: new Map() };
    clients.add(client);
    const leave = (): void => {
      clients.delete(client);
      look();
    };
    socket.on('close', leave).on('error', leave);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const request = isBinary && Buffer.isBuffer(data) ? Request.safeParse(JSON.parse(data.toString('utf8'))).data : undefined;
      if (request !== undefined) {
        requests.push(request);
        for (const key of request.data.instrumentKeys) {
          if (request.method === 'unsub') client.followed.delete(key);
          else client.followed.set(key, request.data.mode ?? 'ltpc');
        }
      }
      look();
    });
    look();
  };
  const of = (kind: string): readonly Client[] => [...clients].filter((client) => client.kind === kind);

  return {
    requests, refused: () => refused,
    leave(kind, base) {
      const code = `code${++codes}secret`;
      open.add(`/${kind}?code=${code}`);
      return `${base}/${kind}?code=${code}`;
    },
    upgrade(request, wire, head) {
      const address = request.url ?? '';
      if (!open.delete(address)) {
        refused += 1;
        wire.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, wire, head, (socket) => welcome(socket, wire, address.startsWith('/market') ? 'market' : 'orders'));
    },
    quote(key, quoted, sentAt) {
      for (const { socket, followed } of of('market')) {
        const mode = followed.get(key);
        if (mode !== undefined) socket.send(marketFrame(key, quoted, mode, sentAt));
      }
    },
    raw: (frame) => { for (const { socket } of of('market')) socket.send(frame); },
    order: (frame) => { for (const { socket } of of('orders')) socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)); },
    resetMidFrame() {
      // A binary frame of 100 bytes that ends after 4.
      for (const { wire } of clients) wire.write(Buffer.from([0x82, 100, 1, 2, 3, 4]), () => wire.destroy());
    },
    drop: (code = 1012) => { for (const { socket } of clients) socket.close(code); },
    clients: (kind) => of(kind).length,
    until: (holds) => new Promise((resolve) => {
      const check = (): void => {
        if (!holds()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    }),
    close() {
      for (const { socket } of clients) socket.terminate();
      server.close();
    },
  };
}

const LIVE = 1;

/** The bytes of a frame, written field by field: a second opinion on what stands where. */
export function marketFrame(key: string, quoted: Quoted, mode: string, sentAt: number): Uint8Array {
  const frame = protobuf.Writer.create();
  frame.uint32(tag(1, VARINT)).int32(LIVE);
  frame.uint32(tag(2, BYTES)).fork().uint32(tag(1, BYTES)).string(key).uint32(tag(2, BYTES)).bytes(feed(quoted, mode)).ldelim();
  frame.uint32(tag(3, VARINT)).int64(sentAt);
  return frame.finish();
}

const VARINT = 0;
const DOUBLE = 1;
const BYTES = 2;
const tag = (field: number, wire: number): number => field * 8 + wire;

function feed(quoted: Quoted, mode: string): Uint8Array {
  const entry = protobuf.Writer.create();
  if (mode === 'ltpc') return entry.uint32(tag(1, BYTES)).bytes(lastTrade(quoted)).finish();
  if (mode === 'option_greeks') return entry.uint32(tag(3, BYTES)).bytes(firstLevel(quoted)).uint32(tag(4, VARINT)).int32(2).finish();
  const union = protobuf.Writer.create().uint32(tag(quoted.index === true ? 2 : 1, BYTES)).bytes(quoted.index === true ? indexFull(quoted) : marketFull(quoted)).finish();
  return entry.uint32(tag(2, BYTES)).bytes(union).uint32(tag(4, VARINT)).int32(mode === 'full_d30' ? 3 : 1).finish();
}

function lastTrade({ ltp, ltt }: Quoted): Uint8Array {
  return protobuf.Writer.create().uint32(tag(1, DOUBLE)).double(ltp).uint32(tag(2, VARINT)).int64(ltt).uint32(tag(3, VARINT)).int64(1).uint32(tag(4, DOUBLE)).double(99).finish();
}

function level([bidQuantity, bid, askQuantity, ask]: readonly [number, number, number, number]): Uint8Array {
  return protobuf.Writer.create().uint32(tag(1, VARINT)).int64(bidQuantity).uint32(tag(2, DOUBLE)).double(bid).uint32(tag(3, VARINT)).int64(askQuantity).uint32(tag(4, DOUBLE)).double(ask).finish();
}

function figures(writer: protobuf.Writer, { greeks }: Quoted): protobuf.Writer {
  if (greeks === undefined) return writer;
  const { delta, theta, gamma, vega, rho } = greeks;
  const inner = protobuf.Writer.create();
  [delta, theta, gamma, vega, rho].forEach((value, index) => inner.uint32(tag(index + 1, DOUBLE)).double(value));
  return writer.uint32(tag(3, BYTES)).bytes(inner.finish());
}

function marketFull(quoted: Quoted): Uint8Array {
  const levels = protobuf.Writer.create();
  for (const each of quoted.levels ?? []) levels.uint32(tag(1, BYTES)).bytes(level(each));
  const full = figures(protobuf.Writer.create().uint32(tag(1, BYTES)).bytes(lastTrade(quoted)).uint32(tag(2, BYTES)).bytes(levels.finish()), quoted);
  // Candles of the day (4) and the day's average (5), which are not read.
  full.uint32(tag(4, BYTES)).bytes(new Uint8Array([10, 2, 10, 0])).uint32(tag(5, DOUBLE)).double(100);
  if (quoted.volume !== undefined) full.uint32(tag(6, VARINT)).int64(quoted.volume);
  if (quoted.oi !== undefined) full.uint32(tag(7, DOUBLE)).double(quoted.oi);
  if (quoted.iv !== undefined) full.uint32(tag(8, DOUBLE)).double(quoted.iv);
  return full.uint32(tag(9, DOUBLE)).double(1).uint32(tag(10, DOUBLE)).double(1).finish();
}

function indexFull(quoted: Quoted): Uint8Array {
  return protobuf.Writer.create().uint32(tag(1, BYTES)).bytes(lastTrade(quoted)).finish();
}

function firstLevel(quoted: Quoted): Uint8Array {
  const first = protobuf.Writer.create().uint32(tag(1, BYTES)).bytes(lastTrade(quoted)).uint32(tag(2, BYTES)).bytes(level(quoted.levels?.[0] ?? [0, 0, 0, 0]));
  figures(first, quoted);
  if (quoted.volume !== undefined) first.uint32(tag(4, VARINT)).int64(quoted.volume);
  if (quoted.oi !== undefined) first.uint32(tag(5, DOUBLE)).double(quoted.oi);
  if (quoted.iv !== undefined) first.uint32(tag(6, DOUBLE)).double(quoted.iv);
  return first.finish();
}
