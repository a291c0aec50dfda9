import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Clock } from '../../runtime/domain/ports';
import { ENDPOINTS, type Answer, type Gateway, type Json } from './openalgoServerEndpoints';
import { gatewayOrders } from './openalgoServerOrders';

/** How one request goes wrong. `carriedOut` says whether the broker did what was asked all the same. */
export type Fault =
  /** No answer at all. */
  | { readonly kind: 'silence'; readonly carriedOut: boolean }
  /** The connection is cut before an answer, or after half of one. */
  | { readonly kind: 'reset'; readonly carriedOut: boolean; readonly midBody?: boolean }
  /** Another answer than the gateway's own. */
  | { readonly kind: 'answer'; readonly carriedOut: boolean; readonly status: number; readonly text: string };

export const LIMITED: Fault = { kind: 'answer', carriedOut: false, status: 429, text: JSON.stringify({ status: 'error', message: 'Rate limit exceeded. Please slow down your requests.', retry_after: 60 }) };
/** The login page that a gateway or a proxy shows in its place. */
export const LOGIN_PAGE: Fault = { kind: 'answer', carriedOut: false, status: 200, text: '<!doctype html><html><body>Log in</body></html>' };

export interface OpenAlgoServer {
  readonly url: string;
  readonly apiKey: string;
  readonly gateway: Gateway;
  /** Requests to one endpoint, oldest first, without the key. */
  asked(endpoint: string): readonly Json[];
  /** The next `times` requests to the endpoint go wrong. */
  fail(endpoint: string, fault: Fault, times?: number): void;
  /** The broker's session is over, or the key has been withdrawn: 403 for everything. */
  sessionOver: boolean;
  /** Lists say from now on what they say now; `false` lets them see again. */
  freezeLists(frozen: boolean): void;
  /** Orders are carried out when they arrive, and answered so much later. */
  answersOrdersAfterMs: number;
  /** Placements are carried out when they arrive, and answered when this has come. */
  answersOrdersWhen: Promise<unknown>;
  close(): Promise<void>;
}

const Body = z.record(z.string(), z.unknown());

/** A server that behaves as OpenAlgo's REST layer does, and misbehaves as the test says. Loopback only. */
export async function openAlgoServer(clock: Clock, apiKey = 'testkey'): Promise<OpenAlgoServer> {
  const requests: { readonly endpoint: string; readonly body: Json }[] = [];
  const faults = new Map<string, Fault[]>();
  const gateway: Gateway = { orders: gatewayOrders(() => indiaText(clock.now())), mode: 'analyze', queued: [], history: new Map(), mostDays: Infinity, oldestDay: '', lists: undefined };
  const server = createServer((request, response) => void serve(request, response));
  let isOver = false;
  let answersOrdersAfterMs = 0;
  let answersOrdersWhen: Promise<unknown> = Promise.resolve();

  const verdict = (endpoint: string, body: Json): Answer => {
    const { apikey } = body;
    requests.push({ endpoint, body: withoutKey(body) });
    if (apikey === undefined) return { status: 400, body: { message: { apikey: ['Missing data for required field.'] }, status: 'error' } };
    if (apikey !== apiKey || isOver) return { status: 403, body: { message: 'Invalid openalgo apikey', status: 'error' } };
    return ENDPOINTS[endpoint]?.(gateway, body) ?? { status: 404, body: { message: 'The requested URL was not found on the server.' } };
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = new URL(request.url ?? '/', 'http://gateway');
    const endpoint = address.pathname.replace(/^\/api\/v1\//, '');
    const body = request.method === 'GET' ? Object.fromEntries(address.searchParams) : await bodyOf(request);
    const fault = faults.get(endpoint)?.shift();
    if (fault === undefined || fault.carriedOut) {
      const { status, body: answer } = verdict(endpoint, body);
      if (fault === undefined) {
        if (endpoint === 'placeorder' && answersOrdersAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, answersOrdersAfterMs));
        if (endpoint === 'placeorder') await answersOrdersWhen;
        send(response, status, JSON.stringify(answer));
      } else misbehave(response, fault, JSON.stringify(answer));
    } else {
      requests.push({ endpoint, body: withoutKey(body) });
      misbehave(response, fault, JSON.stringify({ status: 'success', orderid: 'never' }));
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.custom<AddressInfo>((value) => typeof value === 'object').parse(server.address());

  return {
    url: `http://127.0.0.1:${port}`, apiKey, gateway,
    asked: (endpoint) => requests.filter((entry) => entry.endpoint === endpoint).map(({ body }) => body),
    fail(endpoint, fault, times = 1) {
      faults.set(endpoint, [...(faults.get(endpoint) ?? []), ...Array.from({ length: times }, () => fault)]);
    },
    get sessionOver() { return isOver; },
    set sessionOver(over) { isOver = over; },
    get answersOrdersAfterMs() { return answersOrdersAfterMs; },
    set answersOrdersAfterMs(ms) { answersOrdersAfterMs = ms; },
    get answersOrdersWhen() { return answersOrdersWhen; },
    set answersOrdersWhen(moment) { answersOrdersWhen = moment; },
    freezeLists(frozen) {
      gateway.lists = frozen ? { orders: gateway.orders.orders.map((order) => ({ ...order })), trades: [...gateway.orders.trades] } : undefined;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function misbehave(response: ServerResponse, fault: Fault, text: string): void {
  if (fault.kind === 'answer') send(response, fault.status, fault.text);
  else if (fault.kind === 'reset' && fault.midBody === true) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.socket?.resetAndDestroy());
  } else if (fault.kind === 'reset') response.socket?.resetAndDestroy();
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': text.startsWith('<') ? 'text/html' : 'application/json' });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return Body.parse(JSON.parse(text));
}

function withoutKey(body: Json): Json {
  return Object.fromEntries(Object.entries(body).filter(([field]) => field !== 'apikey'));
}

function indiaText(at: number): string {
  return new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
