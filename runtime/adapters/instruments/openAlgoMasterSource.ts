import axios from 'axios';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { MasterBatch, MasterDownload, MasterSource } from '../../domain/instrument';
import type { Exchange } from '../../domain/market';
import type { Clock } from '../../domain/ports';
import { MasterError } from './masters/bytes';
import { readMaster } from './masters/readMaster';

export interface OpenAlgoMasterOptions {
  /** Address of the gateway, e.g. `http://127.0.0.1:5000`. */
  readonly url: string;
  readonly apiKey: string;
  readonly clock: Clock;
  /** Only these exchanges, one request each; default: all of them in one. */
  readonly exchanges?: readonly Exchange[];
  /** Longest silence of the gateway, before and within its answer; default 60,000. */
  readonly timeoutMs?: number;
}

const MOST_ERROR_BYTES = 16_384;

/**
 * The instruments of a running OpenAlgo, by `GET /api/v1/instruments`. Asked for as CSV, which it can be read from piece by piece. The gateway's list is the one its broker
 * gave at today's login. The key stands in the address, as the gateway wants it: it is kept out of every message, and redirects are not followed.
 */
export function openAlgoMasterSource({ url, apiKey, clock, exchanges, timeoutMs = 60_000 }: OpenAlgoMasterOptions): MasterSource {
  return {
    name: 'openalgo',
    async fetch(): Promise<MasterDownload> {
      const asOf = clock.now();
      const [first, ...rest] = exchanges ?? [undefined];
      // The first is asked at once, so that a wrong key or address is known before anything is stored.
      const opened = await open({ url, apiKey, exchange: first, timeoutMs });
      const others = async function* (): AsyncGenerator<MasterBatch> {
        yield* readMaster(opened);
        for (const exchange of rest) yield* readMaster(await open({ url, apiKey, exchange, timeoutMs }));
      };
      return { asOf, batches: others() };
    },
  };
}

interface Request {
  readonly url: string;
  readonly apiKey: string;
  readonly exchange: Exchange | undefined;
  readonly timeoutMs: number;
}

async function open({ url, apiKey, exchange, timeoutMs }: Request): Promise<AsyncIterable<Uint8Array>> {
  const silence = new AbortController();
  const patience = watch(timeoutMs, () => silence.abort());
  try {
    const answer = await axios.get<unknown>(addressOf(url), {
      params: { apikey: apiKey, format: 'csv', ...(exchange === undefined ? {} : { exchange }) }, responseType: 'stream', signal: silence.signal,
      maxRedirects: 0, validateStatus: () => true, proxy: false,
    });
    if (!(answer.data instanceof Readable)) throw new MasterError('OpenAlgo gave no answer.');
    if (answer.status === 200) return listened(answer.data, patience);
    const said = await explanation(answer.data);
    throw new MasterError(explained(answer.status, said));
  } catch (error) {
    patience.end();
    throw error instanceof MasterError ? error : new MasterError(unreachable(error, timeoutMs));
  }
}

/** The pieces of an answer; a silence between two of them ends it with an error. */
async function* listened(stream: Readable, patience: Patience): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) {
      patience.renew();
      if (!(chunk instanceof Uint8Array)) throw new MasterError('OpenAlgo gave something that is no data.');
      yield chunk;
    }
  } catch (error) {
    throw error instanceof MasterError ? error : new MasterError('OpenAlgo broke its answer off.');
  } finally {
    patience.end();
    stream.destroy();
  }
}

interface Patience {
  renew(): void;
  end(): void;
}

function watch(timeoutMs: number, onSilence: () => void): Patience {
  let timer = setTimeout(onSilence, timeoutMs);
  return {
    renew() {
      clearTimeout(timer);
      timer = setTimeout(onSilence, timeoutMs);
    },
    end: () => clearTimeout(timer),
  };
}

function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) throw new MasterError('The address of OpenAlgo is no http(s) address.');
  return new URL(`${parsed.pathname.replace(/\/+$/, '')}/api/v1/instruments`, parsed.origin).href;
}

const Refusal = z.object({ message: z.union([z.string(), z.record(z.string(), z.unknown())]) });

async function explanation(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.length > MOST_ERROR_BYTES) break;
  }
  stream.destroy();
  try {
    const { message } = Refusal.parse(JSON.parse(text));
    return typeof message === 'string' ? message : Object.entries(message).map(([field, why]) => `${field}: ${String(why)}`).join(', ');
  } catch {
    return text.startsWith('<') ? '' : text.slice(0, 200);
  }
}

function explained(status: number, said: string): string {
  if (status === 401 || status === 403) return `OpenAlgo refuses the API key (${status}), or its broker session has expired: log in to it again.`;
  if (status === 404) return 'This OpenAlgo has no instruments endpoint (404): update it, or put the list into the masters folder.';
  return `OpenAlgo answered ${status}${said === '' ? '' : `: ${said.slice(0, 200)}`}.`;
}

/** Never the error's own message or address: the key stands in it. */
function unreachable(error: unknown, timeoutMs: number): string {
  if (axios.isCancel(error)) return `OpenAlgo said nothing for ${timeoutMs} ms.`;
  const code = axios.isAxiosError(error) ? error.code : undefined;
  return `OpenAlgo could not be reached${code === undefined ? '' : ` (${code})`}.`;
}
