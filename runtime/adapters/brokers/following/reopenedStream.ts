import type { RawData, WebSocket } from 'ws';
import type { Log, Pause } from '../../../domain/ports';
import { SECOND_MS } from '../../../domain/time';
import { backgroundPause } from '../../system/pause';
import { systemRandom } from '../../system/random';

/** A broker's own order updates: a sign that the lists have news. */
export interface OrderStream {
  close(): Promise<void>;
}

/** What every broker's order stream is opened with. */
export interface StreamOptions {
  /** Something was said of some order, or may have been missed. */
  readonly onNews: () => void;
  readonly log: Log;
  readonly pause?: Pause;
  readonly random?: () => number;
  /** Silence after which the connection counts as dead, in milliseconds. */
  readonly silenceMs?: number;
}

/** How one connection ended. `worked`: it was of use, so the next one need not wait long. `useless`: before a person acts none will be. */
export interface StreamEnd {
  readonly worked: boolean;
  readonly useless?: boolean;
  readonly reason: string;
}

const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = 60 * SECOND_MS;

/**
 * Opened again with growing waits for as long as it is open, seldom where it is useless; without it the lists are still read, only later.
 * `once` makes one connection, gives its socket to `hold`, which ends it with the stream, and resolves when it is over. It does not reject.
 */
export function reopenedStream(source: string, { log, pause = backgroundPause, random = systemRandom }: Pick<StreamOptions, 'log' | 'pause' | 'random'>, once: (hold: (socket: WebSocket) => void) => Promise<StreamEnd>): OrderStream {
  const end = Promise.withResolvers<undefined>();
  let socket: WebSocket | undefined;
  let closed = false;
  const isOpen = (): boolean => !closed;
  const hold = (made: WebSocket): void => {
    socket = made;
    if (!isOpen()) made.terminate();
  };
  const run = async (): Promise<void> => {
    for (let waitMs = FIRST_WAIT_MS; isOpen(); waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      const { worked, useless = false, reason } = await once(hold);
      if (!isOpen()) return;
      log.warn({ source, reason }, 'the order stream ended and is opened again');
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

/** Hears one socket out; resolves with the code it closed with. Silence longer than `silenceMs` ends it, pings are no silence. */
export function heardOut(socket: WebSocket, { silenceMs, onOpen, onMessage }: { readonly silenceMs: number; readonly onOpen: () => void; readonly onMessage: (data: RawData) => void }): Promise<number> {
  const silence = setTimeout(() => socket.terminate(), silenceMs).unref();
  return new Promise((resolve) => {
    socket.on('open', onOpen);
    socket.on('message', (data) => {
      silence.refresh();
      onMessage(data);
    });
    socket.on('ping', () => silence.refresh());
    socket.on('close', (code) => {
      clearTimeout(silence);
      resolve(code);
    });
  });
}
