import path from 'node:path';
import type { FilePlayer } from './adapters/ticks/file/filePlayer';
import { deny, ok, type Outcome } from './domain/denial';
import { Exchange, instrumentKey, type InstrumentKey } from './domain/market';

/** Where prices come from. One a process: every flow sees the same market. */
export type FeedChoice =
  /** A market that always moves and is always open. */
  | { readonly kind: 'simulated'; readonly seed?: number }
  /** Candle or tick files, played as if they were happening; the runtime then lives in the files' time. */
  | { readonly kind: 'file'; readonly files: readonly { readonly instrument: InstrumentKey; readonly file: string }[]; readonly speed: number | 'fast'; readonly holds: 'candles' | 'ticks'; readonly timeIs: 'start' | 'end'; readonly run?: string }
  /** A recording that its owner plays: tests and backtests. */
  | { readonly kind: 'player'; readonly player: FilePlayer }
  /** A running OpenAlgo with its WebSocket proxy. */
  | { readonly kind: 'openalgo'; readonly webSocketUrl: string; readonly apiKey: string; readonly restUrl?: string }
  /** Upstox itself, with the access token of today's login. */
  | { readonly kind: 'upstox'; readonly accessToken: string };

type Environment = Readonly<Record<string, string | undefined>>;

const MOST_FILES = 500;
const RUN_NAME = /^[\w-]{1,40}$/;
/** What a header can carry, without quotes. */
const TOKEN = /^[!#-&(-~]+$/;

/**
 * The choice that the environment makes:
 * `BELLWETHER_FEED` is `simulated` (default), `openalgo`, `upstox`, or files as `NSE:SBIN=sbin.csv,NSE:TCS=tcs.csv`.
 * Files: `BELLWETHER_FEED_SPEED` 1 (default) as recorded, 60 a minute in a second, `fast`; `BELLWETHER_FEED_HOLDS` `candles` (default) or `ticks`; `BELLWETHER_FEED_TIME` `start` (default) or `end` of the candle;
 * `BELLWETHER_FEED_RUN` names the run: another name plays the same file as something new.
 * OpenAlgo: `BELLWETHER_OPENALGO_WS_URL` (default ws://127.0.0.1:8765), `BELLWETHER_OPENALGO_API_KEY`, and `BELLWETHER_OPENALGO_URL` (its web address, for candles of the past and the list of instruments).
 * Upstox: `BELLWETHER_UPSTOX_TOKEN`, the access token of today's login.
 */
export function feedFromEnvironment(env: Environment = process.env): Outcome<FeedChoice> {
  const choice = env['BELLWETHER_FEED'] ?? '';
  if (choice === '' || choice === 'simulated') return ok({ kind: 'simulated' });
  if (choice === 'openalgo') return openAlgo(env);
  if (choice === 'upstox') return upstox(env);
  if (choice.includes('=')) return files(choice, env);
  return wrong('BELLWETHER_FEED', choice, 'Use simulated, openalgo, upstox, or files such as NSE:SBIN=sbin.csv.');
}

/** The same, for a host that is about to open its runtime. Throws what is wrong, in words for people. */
export function chosenFeed(env: Environment = process.env): FeedChoice {
  const choice = feedFromEnvironment(env);
  if (choice.ok) return choice.value;
  throw new Error(`${choice.denial.message} ${choice.denial.remedy ?? ''}`.trim());
}

function openAlgo(env: Environment): Outcome<FeedChoice> {
  const apiKey = env['BELLWETHER_OPENALGO_API_KEY'] ?? '';
  if (apiKey === '') return deny('MISSING_FIELD', 'BELLWETHER_FEED is openalgo, but there is no key.', { field: 'BELLWETHER_OPENALGO_API_KEY', remedy: 'Set it to the API key that OpenAlgo shows.' });
  const webSocketUrl = env['BELLWETHER_OPENALGO_WS_URL'] ?? 'ws://127.0.0.1:8765';
  if (!/^wss?:\/\//.test(webSocketUrl)) return wrong('BELLWETHER_OPENALGO_WS_URL', webSocketUrl, 'It begins with ws:// or wss://.');
  const restUrl = env['BELLWETHER_OPENALGO_URL'];
  return ok({ kind: 'openalgo', webSocketUrl, apiKey, ...(restUrl === undefined || restUrl === '' ? {} : { restUrl }) });
}

/** The token's own characters are in no message. */
function upstox(env: Environment): Outcome<FeedChoice> {
  const field = 'BELLWETHER_UPSTOX_TOKEN';
  const accessToken = (env[field] ?? '').trim();
  if (accessToken === '') return deny('MISSING_FIELD', 'BELLWETHER_FEED is upstox, but there is no access token.', { field, remedy: 'Log in to Upstox and set it to the access token of today.' });
  if (!TOKEN.test(accessToken)) return deny('INVALID_PARAMETER', `${field} holds characters that no access token has.`, { field, remedy: 'Copy the access token once more, without quotes, blanks or line ends within it.' });
  return ok({ kind: 'upstox', accessToken });
}

function files(choice: string, env: Environment): Outcome<FeedChoice> {
  const speed = speedOf(env['BELLWETHER_FEED_SPEED']);
  if (speed === undefined) return wrong('BELLWETHER_FEED_SPEED', env['BELLWETHER_FEED_SPEED'] ?? '', 'Use a number from 0.1 to 100000, or fast.');
  const holds = env['BELLWETHER_FEED_HOLDS'] ?? 'candles';
  if (holds !== 'candles' && holds !== 'ticks') return wrong('BELLWETHER_FEED_HOLDS', holds, 'Use candles or ticks.');
  const timeIs = env['BELLWETHER_FEED_TIME'] ?? 'start';
  if (timeIs !== 'start' && timeIs !== 'end') return wrong('BELLWETHER_FEED_TIME', timeIs, 'Use start or end.');
  const run = env['BELLWETHER_FEED_RUN'] ?? '';
  if (run !== '' && !RUN_NAME.test(run)) return wrong('BELLWETHER_FEED_RUN', run, 'Use letters, digits, - and _, at most 40.');
  const named: { instrument: InstrumentKey; file: string }[] = [];
  for (const part of choice.split(',').slice(0, MOST_FILES)) {
    const [, exchange = '', symbol = '', file = ''] = /^\s*([A-Z_]+):([^=\s]+)=(.+?)\s*$/.exec(part) ?? [];
    const known = Exchange.safeParse(exchange);
    if (!known.success) return wrong('BELLWETHER_FEED', part, 'Write EXCHANGE:SYMBOL=file, several with commas.');
    named.push({ instrument: instrumentKey(known.data, symbol), file: path.resolve(file) });
  }
  return ok({ kind: 'file', files: named, speed, holds, timeIs, ...(run === '' ? {} : { run }) });
}

function speedOf(text = '1'): number | 'fast' | undefined {
  if (text === 'fast') return 'fast';
  const speed = Number(text);
  return text !== '' && speed >= 0.1 && speed <= 100_000 ? speed : undefined;
}

function wrong(field: string, value: string, remedy: string): Outcome<never> {
  return deny('INVALID_PARAMETER', `${field} is "${value}".`, { field, remedy });
}
