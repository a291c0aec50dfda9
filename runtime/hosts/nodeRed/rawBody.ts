import { asError } from './asError';
import type { HookErrorHandler, HookHandler, HookRequest, HookResponse, WebApp } from './red';

/** Larger bodies are read no further; the ingress refuses whatever reaches this size. */
export const RAW_BODY_LIMIT = 128 * 1_024;
const READ_PATIENCE_MS = 10_000;

/** What arrived: the bytes, or what a foreign body parser left of them. `tooLarge` bodies are cut off. */
export type HookBody = { readonly raw: Uint8Array } | { readonly parsed: unknown };

/**
 * Reads the body before Node-RED's admin application parses it: with the default settings that one serves `/` as well, refuses invalid JSON
 * with an html page and turns forms into objects. The layer is moved to the front of the root application as the HTTP In node does with its own.
 * `take` may answer there and then; where it does not, the call goes on to the hook's route.
 * Returns undefined where the application looks different (the hook then lives with parsed bodies), else the layer.
 */
export function readRawBodyFirst(app: WebApp, isHook: (request: HookRequest) => boolean, take: (raw: Uint8Array, request: HookRequest, response: HookResponse) => boolean): HookHandler | undefined {
  const root = rootOf(app);
  const capture: HookHandler = (request, response, next) => {
    if (request.method !== 'POST' || request._body === true || !isHook(request)) { next(); return; }
    readStream(request).then((raw) => {
      if (take(raw, request, response)) return;
      request._body = true;
      request.body = raw;
      next();
    }, next);
  };
  root.use(capture);
  const stack = root._router?.stack;
  const index = stack?.findIndex((layer) => layer.handle === capture) ?? -1;
  const layer = stack?.[index];
  if (stack === undefined || layer === undefined) return undefined;
  stack.splice(index, 1);
  stack.unshift(layer);
  return capture;
}

/** Catches what a foreign body parser refused. The parser's error carries the text it could not read. */
export function catchParserErrors(app: WebApp, isHook: (request: HookRequest) => boolean, answer: (text: string, request: HookRequest, response: Parameters<HookHandler>[1]) => void): void {
  const handler: HookErrorHandler = (error, request, response, next) => {
    const text = unreadText(error);
    if (text === undefined || !isHook(request)) { next(error); return; }
    answer(text, request, response);
  };
  rootOf(app).use(handler);
}

function unreadText(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('type' in error) || error.type !== 'entity.parse.failed') return undefined;
  return 'body' in error && typeof error.body === 'string' ? error.body : '';
}

/** The request's body, wherever it is by now. */
export async function bodyOf(request: HookRequest): Promise<HookBody> {
  if (request.body instanceof Uint8Array) return { raw: request.body };
  if (typeof request.body === 'string') return { raw: Buffer.from(request.body) };
  if (request._body === true) return { parsed: request.body };
  return { raw: await readStream(request) };
}

/** At most one byte over the limit, so that the reader can tell that it was passed. The rest of the stream is thrown away. */
function readStream(request: HookRequest): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => reject(new Error('The body did not arrive in time.')), READ_PATIENCE_MS);
    const finish = (): void => {
      clearTimeout(timer);
      const [only] = chunks;
      resolve((chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).subarray(0, RAW_BODY_LIMIT + 1));
    };
    request.on('data', (chunk: Buffer) => {
      if (size <= RAW_BODY_LIMIT) chunks.push(chunk);
      size += chunk.length;
      if (size > RAW_BODY_LIMIT) finish();
    });
    request.on('end', finish);
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(asError(error));
    });
  });
}

const MOUNT_DEPTH_LIMIT = 10;

function rootOf(app: WebApp): WebApp {
  let root = app;
  for (let depth = 0; root.parent !== undefined && depth < MOUNT_DEPTH_LIMIT; depth += 1) root = root.parent;
  return root;
}
