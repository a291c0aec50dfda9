import { WebSocket, type RawData } from 'ws';
import type { TickConnection, TickListener } from '../../../domain/feed';
import type { InstrumentKey } from '../../../domain/market';
import type { Clock, Log } from '../../../domain/ports';
import type { KeyTable } from '../../brokers/upstox/instrumentKeys';
import { readFrame, type OptionFigures } from './readFeed';

/** How much of the market is asked for: last trade; best prices and Greeks; five levels, day's volume and Greeks; thirty levels (a paid plan). */
export type UpstoxMode = 'ltpc' | 'option_greeks' | 'full' | 'full_d30';

/** Instruments of one connection by mode, of a user who follows one mode only, as Upstox' page on the feed said in autumn 2026. */
export const MOST_INSTRUMENTS: Readonly<Record<UpstoxMode, number>> = { ltpc: 5_000, option_greeks: 3_000, full: 2_000, full_d30: 50 };

export interface UpstoxConnectionOptions {
  readonly mode: UpstoxMode;
  readonly keys: KeyTable;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of Greeks and open interest where the mode has them. */
  readonly onFigures?: ((figures: OptionFigures) => void) | undefined;
}

type Refusals = readonly { readonly instrument: InstrumentKey; readonly reason: string }[];

const BATCH = 500;
/** An orderly goodbye takes this long at most. */
const GOODBYE_MS = 1_000;
const LOGGED_GARBAGE = 5;

/**
 * An open socket of Upstox as a connection of the feed. Upstox answers no subscription: what it does not know stays silent, so unknown names and too many are refused here.
 * Requests are binary frames of JSON; a text frame would be ignored.
 */
export function upstoxConnection(socket: WebSocket, { mode, keys, clock, log, onFigures }: UpstoxConnectionOptions, listener: TickListener): TickConnection {
  const followed = new Map<string, InstrumentKey>();
  let closing = false;
  let garbage = 0;
  let requests = 0;

  const send = (method: 'sub' | 'unsub', upstoxKeys: readonly string[]): void => {
    for (let start = 0; start < upstoxKeys.length; start += BATCH) {
      const data = { mode, instrumentKeys: upstoxKeys.slice(start, start + BATCH) };
      socket.send(Buffer.from(JSON.stringify({ guid: `b${++requests}`, method, data })), { binary: true });
    }
  };
  const unreadable = (what: string): void => {
    garbage += 1;
    if (garbage <= LOGGED_GARBAGE) log.warn({ source: 'upstox', count: garbage, what }, 'something of the feed can not be read and is left out');
  };
  socket.on('message', (data, isBinary) => {
    if (closing) return;
    listener.heard();
    const frame = isBinary ? readFrame(bytesOf(data), { instrumentOf: (key) => followed.get(key), receivedAt: clock.now() }) : { kind: 'garbage' as const };
    if (frame.kind === 'garbage') {
      unreadable('a frame');
      return;
    }
    if (frame.unreadable > 0) unreadable('entries of a frame');
    for (const { tick, depth, figures } of frame.said) {
      void listener.tick(tick);
      if (depth !== undefined) listener.depth?.(depth);
      if (figures !== undefined) onFigures?.(figures);
    }
  });
  socket.on('ping', () => listener.heard());
  socket.on('pong', () => listener.heard());
  socket.once('close', (code) => { if (!closing) listener.lost(`the connection was closed with code ${code}`); });

  return {
    subscribe(instruments) {
      if (socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error('the connection is not open'));
      const refused: Refusals[number][] = [];
      const wanted: string[] = [];
      for (const instrument of instruments) {
        const key = keys.upstoxKey(instrument);
        if (key === undefined) refused.push({ instrument, reason: 'Upstox does not list it today' });
        else if (!followed.has(key) && followed.size >= MOST_INSTRUMENTS[mode]) refused.push({ instrument, reason: `Upstox gives at most ${MOST_INSTRUMENTS[mode]} instruments in the mode ${mode}` });
        else {
          followed.set(key, instrument);
          wanted.push(key);
        }
      }
      send('sub', wanted);
      return Promise.resolve(refused);
    },
    unsubscribe(instruments) {
      const known = instruments.flatMap((instrument) => keys.upstoxKey(instrument) ?? []).filter((key) => followed.delete(key));
      if (socket.readyState === WebSocket.OPEN) send('unsub', known);
    },
    ping: () => { if (socket.readyState === WebSocket.OPEN) socket.ping(); },
    close() {
      closing = true;
      return goodbye(socket);
    },
  };
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : new Uint8Array(data);
}

/** Closes in order where the other side answers, and at once where it does not. */
function goodbye(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close();
  });
}
