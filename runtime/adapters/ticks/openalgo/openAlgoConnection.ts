import { WebSocket } from 'ws';
import type { TickConnection, TickListener } from '../../../domain/feed';
import { splitKey, type InstrumentKey } from '../../../domain/market';
import type { Clock, Log } from '../../../domain/ports';
import { frameText } from '../../brokers/reading/frameText';
import { MODE_NUMBER, readMessage, type Incoming, type OpenAlgoMode } from './messages';
import { createRequests } from './requests';

export interface OpenAlgoConnectionOptions {
  readonly mode?: OpenAlgoMode;
  readonly clock: Clock;
  readonly log: Log;
  readonly answerMs?: number;
}

type Refusals = readonly { readonly instrument: InstrumentKey; readonly reason: string }[];

/** Instruments a request; the server subscribes them one by one at its broker. */
const BATCH = 200;
/** An orderly goodbye takes this long at most. */
const GOODBYE_MS = 1_000;
const LOGGED_GARBAGE = 5;

/** An authenticated socket as a connection of the feed. */
export function openAlgoConnection(socket: WebSocket, options: OpenAlgoConnectionOptions, listener: TickListener): TickConnection {
  const { mode = 'Quote', clock, log, answerMs = 10_000 } = options;
  const subscribed = new Set<InstrumentKey>();
  const requests = createRequests<Incoming>({ answerMs });
  let closing = false;
  let garbage = 0;

  const send = (message: object): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  const named = (instruments: readonly InstrumentKey[]) => instruments.map((instrument) => splitKey(instrument)).map(({ exchange, symbol }) => ({ symbol, exchange }));
  const onIncoming = (message: Incoming): void => {
    if (message.kind === 'tick') {
      if (!subscribed.has(message.tick.instrument)) return;
      void listener.tick(message.tick);
      if (message.depth !== undefined) listener.depth?.(message.depth);
      return;
    }
    if (message.kind === 'subscribed') requests.answer(message.requestId, message);
    if (message.kind === 'error' && !requests.answer(undefined, message)) log.warn({ source: 'openalgo', code: message.code, reason: message.message }, 'the feed reports an error');
    if (message.kind === 'garbage' && ++garbage <= LOGGED_GARBAGE) log.warn({ source: 'openalgo', count: garbage }, 'a frame of the feed can not be read and is left out');
  };
  socket.on('message', (data, isBinary) => {
    if (closing) return;
    listener.heard();
    onIncoming(isBinary ? { kind: 'garbage' } : readMessage(frameText(data), clock.now()));
  });
  socket.on('ping', () => listener.heard());
  socket.on('pong', () => listener.heard());
  socket.once('close', (code, reason) => {
    const why = `the connection was closed with code ${code}${reason.length > 0 ? `: ${reason.toString('utf8').slice(0, 200)}` : ''}`;
    requests.fail(why);
    if (!closing) listener.lost(why);
  });

  const subscribeBatch = async (instruments: readonly InstrumentKey[]): Promise<Refusals> => {
    for (const instrument of instruments) subscribed.add(instrument);
    const answer = await requests.ask((id) => send({ action: 'subscribe', mode, symbols: named(instruments), request_id: id }));
    if (answer.kind === 'error' && answer.code === 'NOT_AUTHENTICATED') throw new Error(`${answer.code}: ${answer.message}`);
    const refused = refusals(answer, instruments);
    for (const { instrument } of refused) subscribed.delete(instrument);
    return refused;
  };
  return {
    async subscribe(instruments) {
      const refused: Refusals[number][] = [];
      for (let start = 0; start < instruments.length; start += BATCH) refused.push(...await subscribeBatch(instruments.slice(start, start + BATCH)));
      return refused;
    },
    unsubscribe(instruments) {
      const known = instruments.filter((instrument) => subscribed.delete(instrument));
      if (known.length > 0) send({ action: 'unsubscribe', symbols: named(known).map((symbol) => ({ ...symbol, mode: MODE_NUMBER[mode] })) });
    },
    ping: () => send({ action: 'ping', timestamp: clock.now() }),
    close() {
      closing = true;
      requests.fail('closed');
      return goodbye(socket);
    },
  };
}

function refusals(answer: Incoming, asked: readonly InstrumentKey[]): Refusals {
  if (answer.kind === 'error') return asked.map((instrument) => ({ instrument, reason: `${answer.code}: ${answer.message}` }));
  if (answer.kind !== 'subscribed') return [];
  const reasons = new Map(answer.refused.map(({ exchange, symbol, reason }) => [`${exchange}:${symbol}`, reason]));
  return asked.flatMap((instrument) => {
    const reason = reasons.get(instrument);
    return reason === undefined ? [] : [{ instrument, reason }];
  });
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
