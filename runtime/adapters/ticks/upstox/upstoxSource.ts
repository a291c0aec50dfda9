import type { WebSocket } from 'ws';
import { deny, ok } from '../../../domain/denial';
import type { TickSource } from '../../../domain/feed';
import type { Clock, Log } from '../../../domain/ports';
import { authorizedSocket } from '../../brokers/upstox/authorizedSocket';
import type { UpstoxClient } from '../../brokers/upstox/client';
import type { UpstoxKeys } from '../../brokers/upstox/instrumentKeys';
import { MARKET_FEED_LEAVE } from '../../brokers/upstox/preflight';
import type { OptionFigures } from './readFeed';
import { upstoxConnection, type UpstoxMode } from './upstoxConnection';

export interface UpstoxSourceOptions {
  readonly client: UpstoxClient;
  readonly keys: UpstoxKeys;
  /** Default 'full': prices with the day's volume, which candles need, and five levels. */
  readonly mode?: UpstoxMode;
  readonly clock: Clock;
  readonly log: Log;
  /** Until the connection is open; default 10,000. */
  readonly connectMs?: number;
  /** Told of Greeks and open interest, in the modes that have them. */
  readonly onFigures?: (figures: OptionFigures) => void;
}

/**
 * Upstox' feed V3. Leave is asked for on every connection: its address works once. A token that is over is a denial, because only a person can log in;
 * whatever else goes wrong may pass. Upstox pings where it has nothing to say, and allows one connection a user and app.
 */
export function upstoxSource({ client, keys, mode = 'full', clock, log, connectMs = 10_000, onFigures }: UpstoxSourceOptions): TickSource {
  const sockets = new Set<WebSocket>();
  return {
    name: 'upstox',
    pace: 'live',
    async connect(listener) {
      const table = await keys.table();
      if (!table.ok) throw new Error(table.denial.message);
      const made = await authorizedSocket({ client, path: MARKET_FEED_LEAVE, connectMs });
      if (!made.ok) {
        const { code, message, ...more } = made.denial;
        if (code === 'SESSION_EXPIRED') return deny(code, `Upstox gives no prices: ${message}`, more);
        throw new Error(message);
      }
      const socket = made.value;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      await opened(socket);
      return ok(upstoxConnection(socket, { mode, keys: table.value, clock, log, onFigures }, listener));
    },
    close() {
      for (const socket of sockets) socket.terminate();
      return Promise.resolve();
    },
  };
}

/** Never the socket's own error: it may hold the address, and the address a code. */
function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = (code: number): void => reject(new Error(`the feed closed with code ${code} before it was open`));
    socket.once('close', onClose);
    socket.once('open', () => {
      socket.off('close', onClose);
      resolve();
    });
  });
}
