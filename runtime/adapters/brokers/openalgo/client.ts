import axios from 'axios';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { z } from 'zod';
import { deny, ok, type Outcome } from '../../../domain/denial';
import type { Pause } from '../../../domain/ports';
import { backgroundPause } from '../../system/pause';
import { systemRandom } from '../../system/random';
import { withoutSecret } from '../../system/redact';
import { judge, type GatewayAnswer, type Reply } from './answer';
import { denialOf } from './denials';

export interface OpenAlgoClientOptions {
  /** Address of the gateway, e.g. `http://127.0.0.1:5000`; a path before `/api` is kept. */
  readonly url: string;
  /** From the host's credential store. It travels in the body and stands in no message and no log. */
  readonly apiKey: string;
  /** Longest time for one read, connecting and answer included. Default 15,000: brokers behind the gateway take their time. */
  readonly readMs?: number;
  /** The same for an order. Default 9,000: shorter than the time after which an order without an answer is looked for. */
  readonly commandMs?: number;
  /** Tries of one read. Default 3. */
  readonly attempts?: number;
  readonly pause?: Pause;
  readonly random?: () => number;
}

type Fields = Readonly<Record<string, unknown>>;

/** The REST side of one OpenAlgo gateway with one key. */
export interface OpenAlgoClient {
  /** Asks for data: tried again, with growing waits, where nobody knows what happened. The answer is read with `schema`. Never rejects. */
  read<T>(endpoint: string, fields: Fields, schema: z.ZodType<T>): Promise<Outcome<T>>;
  /** Asks for something to be done, exactly once. Never rejects. */
  command(endpoint: string, fields: Fields): Promise<GatewayAnswer>;
  /** The text without the key, whoever wrote it. */
  withoutKey(text: string): string;
}

const MOST_ANSWER_BYTES = 32 * 1_024 * 1_024;
const FIRST_WAIT_MS = 250;
/** The gateway counts by the second, whatever its `retry_after` says. */
const WAIT_AFTER_LIMIT_MS = 1_100;
/** The connection itself failed, before a byte of the request. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * Reads share connections; a command gets one of its own, because a server that closes an idle connection at the same moment would leave the order in doubt.
 * Redirects are not followed, proxies of the environment are not used, answers are capped, and the time limit covers the whole exchange.
 */
export function openAlgoClient({ url, apiKey, readMs = 15_000, commandMs = 9_000, attempts = 3, pause = backgroundPause, random = systemRandom }: OpenAlgoClientOptions): OpenAlgoClient {
  const withoutKey = (text: string): string => withoutSecret(text, apiKey);
  const post = async (endpoint: string, fields: Fields, { timeoutMs, keepAlive }: { timeoutMs: number; keepAlive: boolean }): Promise<GatewayAnswer> => {
    const address = endpointUrl(url, endpoint);
    if (address === undefined) return { kind: 'unsent', reason: 'The address of OpenAlgo is no http(s) address.' };
    const answer = judge(await exchange(address, { ...fields, apikey: apiKey }, { timeoutMs, keepAlive }));
    if (answer.kind === 'success') return answer;
    return answer.kind === 'refused' ? { ...answer, message: withoutKey(answer.message) } : { ...answer, reason: withoutKey(answer.reason) };
  };
  return {
    withoutKey,
    command: (endpoint, fields) => post(endpoint, fields, { timeoutMs: commandMs, keepAlive: false }),
    async read<T>(endpoint: string, fields: Fields, schema: z.ZodType<T>): Promise<Outcome<T>> {
      for (let attempt = 1; ; attempt += 1) {
        const answer = await post(endpoint, fields, { timeoutMs: readMs, keepAlive: true });
        const isLimited = answer.kind === 'refused' && answer.httpStatus === 429;
        if (attempt >= attempts || answer.kind === 'success' || (answer.kind === 'refused' && !isLimited)) return readOutcome(endpoint, answer, schema);
        await pause((isLimited ? WAIT_AFTER_LIMIT_MS : FIRST_WAIT_MS * 2 ** (attempt - 1)) * (1 + random() / 2));
      }
    },
  };
}

function readOutcome<T>(endpoint: string, answer: GatewayAnswer, schema: z.ZodType<T>): Outcome<T> {
  if (answer.kind !== 'success') return { ok: false, denial: denialOf(answer, 'read') };
  const read = schema.safeParse(answer.body);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  return deny('NOT_READY', `OpenAlgo's answer to ${endpoint} can not be read: ${issue === undefined ? 'it has another form' : `${issue.path.join('.')}: ${issue.message}`}.`);
}

const SCHEMES = new Set(['http:', 'https:']);

function endpointUrl(base: string, endpoint: string): string | undefined {
  const parsed = URL.canParse(base) ? new URL(base) : undefined;
  if (parsed === undefined || !SCHEMES.has(parsed.protocol)) return undefined;
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}/api/v1/${endpoint}`;
}

async function exchange(address: string, body: Fields, { timeoutMs, keepAlive }: { readonly timeoutMs: number; readonly keepAlive: boolean }): Promise<Reply> {
  try {
    const { status, data } = await axios.post<unknown>(address, JSON.stringify(body), {
      headers: { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'bellwether' },
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

/** Never the error's own message: it may hold the address, and its request holds the key. */
function failure(error: unknown, timeoutMs: number): Reply {
  const code = axios.isAxiosError(error) ? error.code : undefined;
  if (code !== undefined && NEVER_CONNECTED.has(code)) return { kind: 'unsent', reason: `OpenAlgo can not be reached (${code}).` };
  if (axios.isCancel(error) || code === 'ECONNABORTED' || code === 'ETIMEDOUT') return { kind: 'broken', reason: `OpenAlgo gave no whole answer within ${timeoutMs} ms` };
  return { kind: 'broken', reason: `The connection to OpenAlgo broke${code === undefined ? '' : ` (${code})`}` };
}
