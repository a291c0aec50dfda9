import { WebSocket } from 'ws';
import type { z } from 'zod';
import { ok, type Outcome } from '../../../domain/denial';
import type { UpstoxClient } from './client';
import { Authorized } from './schema';

export interface AuthorizedSocketOptions {
  readonly client: UpstoxClient;
  /** Where leave is asked for: `/v3/feed/market-data-feed/authorize`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Until the connection is open; default 10,000. */
  readonly connectMs?: number;
  /** Frames above are none of Upstox'; default 16 MiB. */
  readonly maxBytes?: number;
}

/**
 * Asks for leave and makes the socket it allows. The address works once and holds a code: it is asked for anew on every connection, and stands in no log and no message.
 * The socket is not open yet; its `error` events are taken, what counts is the `close` that follows each of them.
 */
export async function authorizedSocket({ client, path, query, connectMs = 10_000, maxBytes = 16 * 1_024 * 1_024 }: AuthorizedSocketOptions): Promise<Outcome<WebSocket>> {
  const leave: Outcome<z.output<typeof Authorized>> = await client.read(path, Authorized, query);
  if (!leave.ok) return leave;
  const socket = new WebSocket(leave.value, { handshakeTimeout: connectMs, maxPayload: maxBytes, perMessageDeflate: false, followRedirects: false });
  socket.on('error', () => undefined);
  return ok(socket);
}
