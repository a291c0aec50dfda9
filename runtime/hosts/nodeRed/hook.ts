import { deny, type Denial } from '../../domain/denial';
import type { WebhookAnswer, WebhookRequest, WebPage } from '../../runtime';
import { ClearWay } from './clearWay';
import type { Parking } from './parking';
import { bodyOf, catchParserErrors, readRawBodyFirst, type HookBody } from './rawBody';
import type { HookRequest, HookResponse, NodeAPI } from './red';

/** Where triggers listen, below `httpNodeRoot`. */
export const HOOK_PATH = '/bellwether/hook';

const RETRY_AFTER_SECONDS = '2';
/** What needs no decoding; any other is left to Express. */
const PLAIN_TOKEN = /^[\w-]+$/;

/** A trigger node behind a token. */
export interface HookTarget {
  receive(request: Omit<WebhookRequest, 'receivedAt'>): Promise<WebhookAnswer>;
  /** What a browser is shown at the address; absent: nothing. */
  page?(address: string): Promise<WebPage>;
}

/**
 * The one route for every trigger, registered once per process: Express can not take routes away again, so a route per node would
 * pile up and answer for nodes that are gone.
 */
export function openHook(red: NodeAPI, hooks: Parking<HookTarget>): void {
  const app = red.httpNode;
  if (app === undefined) { red.log.warn('Bellwether: this Node-RED serves no HTTP for nodes; triggers can not receive alerts.'); return; }
  const prefix = `${rootOf(red)}${HOOK_PATH}/`;
  const isHook = (request: HookRequest): boolean => request.originalUrl?.startsWith(prefix) === true;
  let way: ClearWay | undefined;
  const front = readRawBodyFirst(app, isHook, (raw, request, response) => {
    const { path, token } = addressOf(request, prefix);
    if (!PLAIN_TOKEN.test(token) || way?.isClear(path) !== true) return false;
    void answer(hooks, token, Promise.resolve({ raw }), request, response, red);
    return true;
  });
  // With a password on the node's HTTP a refused body must not get past it: the parser ran before the password was looked at.
  if (front === undefined && red.settings.httpNodeAuth === undefined) {
    catchParserErrors(app, isHook, (text, request, response) => {
      void answer(hooks, addressOf(request, prefix).token, Promise.resolve({ raw: Buffer.from(text) }), request, response, red);
    });
  }
  app.post(`${HOOK_PATH}/:token`, (request, response) => {
    void answer(hooks, request.params?.['token'] ?? '', bodyOf(request), request, response, red);
  });
  if (front !== undefined) way = new ClearWay(red, { front, route: app._router?.stack.at(-1) }, rootOf(red));
  app.get(`${HOOK_PATH}/:token`, (request, response, next) => {
    show(hooks, request, response, next).catch((error: unknown) => {
      red.log.error(`Bellwether: a page could not be shown: ${error instanceof Error ? error.message : String(error)}`);
      if (!response.headersSent) notReady(response);
    });
  });
}

async function answer(hooks: Parking<HookTarget>, token: string, reading: Promise<HookBody>, request: HookRequest, response: HookResponse, red: NodeAPI): Promise<void> {
  try {
    const body = await reading;
    const found = await hooks.find(token);
    if (found.kind === 'unknown') { refuse(response, 404, deny('NOT_FOUND', 'No flow listens at this address.', { remedy: 'Copy the URL from the trigger node and deploy the flow.' }).denial); return; }
    if (found.kind === 'busy') { notReady(response); return; }
    const { status, headers, body: content, html } = await found.target.receive({ ...body, headers: request.headers, remoteAddress: request.socket.remoteAddress ?? '' });
    if (html === undefined) sendJson(response, status, headers, content);
    else send(response, status, { 'Content-Type': 'text/html; charset=utf-8', ...headers }, html);
  } catch (error) {
    red.log.error(`Bellwether: an alert could not be received: ${error instanceof Error ? error.message : String(error)}`);
    if (!response.headersSent) notReady(response);
  }
}

async function show(hooks: Parking<HookTarget>, request: HookRequest, response: HookResponse, next: () => void): Promise<void> {
  const found = await hooks.find(request.params?.['token'] ?? '');
  if (found.kind === 'busy') { notReady(response); return; }
  if (found.kind === 'unknown' || found.target.page === undefined) { next(); return; }
  const { status, headers, html } = await found.target.page(request.originalUrl ?? '');
  response.status(status).set(headers).send(html);
}

/** Nothing is durable yet: the sender shall send again. */
function notReady(response: HookResponse): void {
  refuse(response, 503, deny('NOT_READY', 'The flow is being restarted.', { remedy: 'Send the alert again in a moment.' }).denial, { 'Retry-After': RETRY_AFTER_SECONDS });
}

function refuse(response: HookResponse, status: number, error: Denial, headers: Readonly<Record<string, string>> = {}): void {
  sendJson(response, status, headers, { error });
}

function sendJson(response: HookResponse, status: number, headers: Readonly<Record<string, string>>, content: object): void {
  send(response, status, { 'Content-Type': 'application/json; charset=utf-8', ...headers }, JSON.stringify(content));
}

/** Without what Express adds to an answer: nobody asks for the tag of an alert's receipt. */
function send(response: HookResponse, status: number, headers: Readonly<Record<string, string>>, text: string): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

function addressOf(request: HookRequest, prefix: string): { readonly path: string; readonly token: string } {
  const url = request.originalUrl ?? '';
  const token = url.slice(prefix.length).split(/[/?#]/, 1)[0] ?? '';
  return { path: url.slice(0, prefix.length + token.length), token };
}

/** `httpNodeRoot` without a slash at its end. */
function rootOf(red: NodeAPI): string {
  const root = red.settings.httpNodeRoot;
  return typeof root === 'string' ? root.replace(/\/+$/, '') : '';
}
