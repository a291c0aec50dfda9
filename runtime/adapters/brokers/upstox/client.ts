import axios from 'axios';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { z } from 'zod';
import { deny, ok, type Outcome } from '../../../domain/denial';
import type { Pause } from '../../../domain/ports';
import { backgroundPause } from '../../system/pause';
import { systemRandom } from '../../system/random';
import { withoutSecret } from '../../system/redact';
import type { UpstoxAddresses } from './addresses';
import { judge, type Reply, type UpstoxAnswer } from './answer';
import { denialOf } from './denials';

export interface UpstoxClientOptions {
  readonly addresses: UpstoxAddresses;
  /** Of today's login. It travels in a header and stands in no message and no log. */
  readonly accessToken: string;
  /** Longest time for one read, connecting and answer included. Default 10,000. */
  readonly readMs?: number;
  /** The same for an order. Default 9,000: shorter than the time after which an order without an answer is looked for. */
  readonly commandMs?: number;
  /** Tries of one read. Default 3. */
  readonly attempts?: number;
  readonly pause?: Pause;
  readonly random?: () => number;
}

/** What is asked to be done: query for a cancellation, a body for the others. */
export interface Command {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** `/v3/order/place`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** The REST side of one Upstox client with one token. */
export interface UpstoxClient {
  /** Asks for data: tried again, with growing waits, where nobody knows what happened. The answer's `data` is read with `schema`. Never rejects. */
  read<T>(path: string, schema: z.ZodType<T>, query?: Readonly<Record<string, string>>): Promise<Outcome<T>>;
  /** Asks for something to be done, exactly once. Never rejects. */
  command(command: Command): Promise<UpstoxAnswer>;
}

const MOST_ANSWER_BYTES = 32 * 1_024 * 1_024;
const FIRST_WAIT_MS = 250;
/** The shortest of Upstox' windows is a second. */
const WAIT_AFTER_LIMIT_MS = 1_100;
/** The connection itself failed, before a byte of the request. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
const SCHEMES = new Set(['http:', 'https:']);

interface Exchanged {
  readonly method: 'GET' | Command['method'];
  readonly base: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  readonly timeoutMs: number;
  readonly keepAlive: boolean;
}

/**
 * Reads share connections; a command gets one of its own, because a server that closes an idle connection at the same moment would leave the order in doubt.
 * Redirects are not followed, proxies of the environment are not used, answers are capped, and the time limit covers the whole exchange.
 */
export function upstoxClient({ addresses, accessToken, readMs = 10_000, commandMs = 9_000, attempts = 3, pause = backgroundPause, random = systemRandom }: UpstoxClientOptions): UpstoxClient {
  const withoutToken = (text: string): string => withoutSecret(text, accessToken);
  const ask = async (asked: Exchanged): Promise<UpstoxAnswer> => {
    const answer = judge(await exchange(asked, accessToken));
    if (answer.kind === 'success') return answer;
    return answer.kind === 'refused' ? { ...answer, message: withoutToken(answer.message) } : { ...answer, reason: withoutToken(answer.reason) };
  };
  return {
    command: (command) => ask({ ...command, base: addresses.orders, timeoutMs: commandMs, keepAlive: false }),
    async read<T>(path: string, schema: z.ZodType<T>, query?: Readonly<Record<string, string>>): Promise<Outcome<T>> {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await ask({ method: 'GET', base: addresses.reads, path, query, timeoutMs: readMs, keepAlive: true });
        const isLimited = answer.kind === 'refused' && answer.httpStatus === 429;
        if (attempt >= attempts || answer.kind === 'success' || (answer.kind === 'refused' && !isLimited)) return readOutcome(path, answer, schema);
        await pause((isLimited ? WAIT_AFTER_LIMIT_MS : FIRST_WAIT_MS * 2 ** (attempt - 1)) * (1 + random() / 2));
      }
    },
  };
}

function readOutcome<T>(path: string, answer: UpstoxAnswer, schema: z.ZodType<T>): Outcome<T> {
  if (answer.kind !== 'success') return { ok: false, denial: denialOf(answer, 'read') };
  const read = schema.safeParse(answer.data);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  return deny('NOT_READY', `Upstox' answer to ${path} can not be read: ${issue === undefined ? 'it has another form' : `${issue.path.join('.')}: ${issue.message}`}.`);
}

async function exchange({ method, base, path, query, body, timeoutMs, keepAlive }: Exchanged, accessToken: string): Promise<Reply> {
  const url = addressOf(base, path);
  if (url === undefined) return { kind: 'unsent', reason: 'The address of Upstox is no http(s) address.' };
  if (!/^[\x21-\x7e]+$/.test(accessToken)) return { kind: 'unsent', reason: 'The access token holds characters that no token has.' };
  try {
    const { status, data } = await axios.request<unknown>({
      method, url, ...(query === undefined ? {} : { params: query }), ...(body === undefined ? {} : { data: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json', 'user-agent': 'bellwether', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      timeout: timeoutMs, signal: AbortSignal.timeout(timeoutMs),
      maxRedirects: 0, proxy: false, maxContentLength: MOST_ANSWER_BYTES,
      ...(keepAlive ? {} : { httpAgent: new HttpAgent({ keepAlive }), httpsAgent: new HttpsAgent({ keepAlive }) }),
      responseType: 'text', transformResponse: (answer: unknown) => answer, validateStatus: () => true,
    });
    return { kind: 'answered', httpStatus: status, text: typeof data === 'string' ? data : '' };
  } catch (error) {
    return failure(error, timeoutMs);
  }
}

function addressOf(base: string, path: string): string | undefined {
  const parsed = URL.canParse(base) ? new URL(base) : undefined;
  if (parsed === undefined || !SCHEMES.has(parsed.protocol)) return undefined;
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}${path}`;
}

/** Never the error's own message: its request holds the token. */
function failure(error: unknown, timeoutMs: number): Reply {
  const code = axios.isAxiosError(error) ? error.code : undefined;
  if (code !== undefined && NEVER_CONNECTED.has(code)) return { kind: 'unsent', reason: `Upstox can not be reached (${code}).` };
  if (axios.isCancel(error) || code === 'ECONNABORTED' || code === 'ETIMEDOUT') return { kind: 'broken', reason: `Upstox gave no whole answer within ${timeoutMs} ms` };
  return { kind: 'broken', reason: `The connection to Upstox broke${code === undefined ? '' : ` (${code})`}` };
}
