import { WebSocket } from 'ws';
import { deny, ok, type Outcome } from '../../../domain/denial';
import type { TickConnection, TickListener, TickSource } from '../../../domain/feed';
import type { Clock, Log } from '../../../domain/ports';
import { withoutSecret } from '../../system/redact';
import { frameText } from '../../brokers/reading/frameText';
import { readMessage, type OpenAlgoMode } from './messages';
import { openAlgoConnection } from './openAlgoConnection';

export interface OpenAlgoSourceOptions {
  /** Address of the WebSocket proxy: `ws://127.0.0.1:8765`, `wss://host/ws`. */
  readonly url: string;
  /** From the host's credential store; never logged. */
  readonly apiKey: string;
  /** Default 'Quote': prices with the day's volume, which candles need. */
  readonly mode?: OpenAlgoMode;
  readonly clock: Clock;
  readonly log: Log;
  /** Until the connection is open and authenticated; default 10,000. The server itself closes strangers after 15 s. */
  readonly connectMs?: number;
  /** Until a subscription is answered; default 10,000. Brokers behind the server take their time. */
  readonly answerMs?: number;
}

/** Frames above are no messages of this server. */
const LARGEST_FRAME_BYTES = 4 * 1024 * 1024;

/**
 * The WebSocket feed of an OpenAlgo server. Its contract as the server really behaves: errors have no type, a subscription of which nothing succeeded is
 * still "partial", unsubscribing needs the mode, subscriptions die with the connection, and a connection may stay open and mute: the hub watches for that.
 * A wrong key is a denial; whatever else goes wrong may pass.
 */
export function openAlgoSource(options: OpenAlgoSourceOptions): TickSource {
  const sockets = new Set<WebSocket>();
  return {
    name: 'openalgo',
    pace: 'live',
    async connect(listener) {
      const socket = new WebSocket(options.url, { handshakeTimeout: options.connectMs ?? 10_000, maxPayload: LARGEST_FRAME_BYTES, perMessageDeflate: false });
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // The library tells of every failure twice; the close that follows is what counts. Without a listener it would be an exception.
      socket.on('error', (error) => options.log.debug({ err: error, source: 'openalgo' }, 'the feed\'s socket failed'));
      return authenticate(socket, options, listener);
    },
    close() {
      for (const socket of sockets) socket.terminate();
      return Promise.resolve();
    },
  };
}

/** Sends the key as soon as the socket is open and waits for the verdict. */
function authenticate(socket: WebSocket, options: OpenAlgoSourceOptions, listener: TickListener): Promise<Outcome<TickConnection>> {
  const { apiKey, clock, connectMs = 10_000 } = options;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(`not authenticated within ${connectMs} ms`), connectMs);
    const leave = (): void => {
      clearTimeout(timer);
      socket.off('open', onOpen).off('message', onMessage).off('close', onClose).off('error', onError);
    };
    const fail = (reason: string): void => {
      leave();
      socket.terminate();
      reject(new Error(reason));
    };
    const onOpen = (): void => socket.send(JSON.stringify({ action: 'authenticate', api_key: apiKey }));
    const onError = (error: Error): void => fail(error.message === '' ? error.name : error.message);
    const onClose = (code: number): void => fail(`closed with code ${code} before it was authenticated`);
    const onMessage = (data: WebSocket.RawData, isBinary: boolean): void => {
      const message = isBinary ? { kind: 'garbage' as const } : readMessage(frameText(data), clock.now());
      if (message.kind === 'authenticated') {
        leave();
        resolve(ok(openAlgoConnection(socket, options, listener)));
      } else if (message.kind === 'error' && message.code === 'AUTHENTICATION_ERROR') {
        leave();
        socket.terminate();
        resolve(deny('WRONG_SECRET', `OpenAlgo refuses the API key: ${withoutSecret(message.message, apiKey)}`, { field: 'apiKey', remedy: 'Copy the key from OpenAlgo\'s API key page again, and log in to the broker there.' }));
      } else if (message.kind === 'error') fail(withoutSecret(`${message.code}: ${message.message}`, apiKey));
    };
    socket.on('open', onOpen).on('message', onMessage).on('close', onClose).on('error', onError);
  });
}
