import { deny, type Denial } from '../../domain/denial';
import type { WebhookAnswer, WebhookRequest, WebPage } from '../../runtime';
import type { Parking } from './parking';
import { bodyOf, catchParserErrors, readRawBodyFirst, type HookBody } from './rawBody';
import type { HookRequest, HookResponse, NodeAPI } from './red';

/** Where triggers listen, below `httpNodeRoot`. */
export const HOOK_PATH = '/bellwether/hook';

const RETRY_AFTER_SECONDS = '2';

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
  const early = readRawBodyFirst(app, isHook);
  // With a password on the node's HTTP a refused body must not get past it: the parser ran before the password was looked at.
  if (!early && red.settings.httpNodeAuth === undefined) {
    catchParserErrors(app, isHook, (text, request, response) => {
      void answer(hooks, tokenOf(request, prefix), Promise.resolve({ raw: Buffer.from(text) }), request, response, red);
    });
  }
  app.post(`${HOOK_PATH}/:token`, (request, response) => {
    void answer(hooks, request.params?.['token'] ?? '', bodyOf(request), request, response, red);
  });
  app.get(`${HOOK_PATH}/:token`, (request, response, next) => {
    show(hooks, request, response, next).catch((error: unknown) => {
      red.log.error(`Bellwether: a page could not be shown: ${error instanceof Error ? error.message : String(error)}`);
      if (!response.headersSent) notReady(response);
    });
  });
}

async function answer(hooks: Parking<HookTarget>, token: string, reading: Promise<HookBody>, request: HookRequest, response: HookResponse, red: NodeAPI): Promise<void> {
  try {
    const [found, body] = await Promise.all([hooks.find(token), reading]);
    if (found.kind === 'unknown') { refuse(response, 404, deny('NOT_FOUND', 'No flow listens at this address.', { remedy: 'Copy the URL from the trigger node and deploy the flow.' }).denial); return; }
    if (found.kind === 'busy') { notReady(response); return; }
    const { status, headers, body: content, html } = await found.target.receive({ ...body, headers: request.headers, remoteAddress: request.socket.remoteAddress ?? '' });
    response.status(status).set(headers);
    if (html === undefined) response.json(content);
    else response.send(html);
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
  response.set({ 'Retry-After': RETRY_AFTER_SECONDS });
  refuse(response, 503, deny('NOT_READY', 'The flow is being restarted.', { remedy: 'Send the alert again in a moment.' }).denial);
}

function refuse(response: HookResponse, status: number, error: Denial): void {
  response.status(status).json({ error });
}

function tokenOf(request: HookRequest, prefix: string): string {
  return (request.originalUrl ?? '').slice(prefix.length).split(/[/?#]/, 1)[0] ?? '';
}

/** `httpNodeRoot` without a slash at its end. */
function rootOf(red: NodeAPI): string {
  const root = red.settings.httpNodeRoot;
  return typeof root === 'string' ? root.replace(/\/+$/, '') : '';
}
