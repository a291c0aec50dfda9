import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { UpstoxAddresses } from '../../runtime/adapters/brokers/upstox/addresses';
import type { Clock } from '../../runtime/domain/ports';
import type { Fault } from './openalgoServer';
import { gatewayOrders } from './openalgoServerOrders';
import { upstoxError, upstoxVerdict, type UpstoxAnswer, type UpstoxBack, type UpstoxRequest } from './upstoxServerEndpoints';
import { upstoxSockets, type UpstoxSockets } from './upstoxServerSockets';

export const UPSTOX_LIMITED: Fault = { kind: 'answer', carriedOut: false, status: 429, text: JSON.stringify(upstoxError('UDAPI10005', 'Too Many Request Sent')) };
/** What the content network in front of Upstox shows. */
export const BLOCKED_PAGE: Fault = { kind: 'answer', carriedOut: false, status: 403, text: '<!doctype html><html><title>Access denied</title>error code: 1010</html>' };

export interface UpstoxServer {
  readonly addresses: UpstoxAddresses;
  readonly masterAddress: string;
  readonly accessToken: string;
  readonly back: UpstoxBack;
  readonly sockets: UpstoxSockets;
  /** Requests to one path, oldest first. */
  asked(path: string): readonly UpstoxRequest[];
  /** The same for every path that begins so. */
  askedUnder(path: string): readonly UpstoxRequest[];
  /** The next `times` requests to the path go wrong. */
  fail(path: string, fault: Fault, times?: number): void;
  /** Until a placement is answered; the order is there at once. */
  answersOrdersAfterMs: number;
  /** Placements are carried out when they arrive, and answered when this has come. */
  answersOrdersWhen: Promise<unknown>;
  /** The day's token is over: 401 for everything. */
  sessionOver: boolean;
  /** Lists say from now on what they say now; `false` lets them see again. */
  freezeLists(frozen: boolean): void;
  close(): Promise<void>;
}

/** A token that is found wherever it does not belong. */
export const UPSTOX_TOKEN = 'eyJhbGciOiJIUzI1NiJ9.canary.upstoxsecret';

/** A server that behaves as Upstox' two hosts and its streams do, and misbehaves as the test says. Loopback only; orders have a path of their own, as they have a host. */
export async function upstoxServer(clock: Clock): Promise<UpstoxServer> {
  const requests: UpstoxRequest[] = [];
  const faults = new Map<string, Fault[]>();
  const server = createServer((request, response) => void serve(request, response));
  const sockets = upstoxSockets();
  server.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => sockets.upgrade(request, wire, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.custom<AddressInfo>((value) => typeof value === 'object').parse(server.address());
  const back: UpstoxBack = {
    orders: gatewayOrders(() => indiaText(clock.now())), lists: undefined, instruments: [], staticAddresses: ['203.0.113.10'], rejectsLate: undefined,
    candles: new Map(), mostMinuteDays: 31, oldestDay: '', chain: [], leave: (kind) => sockets.leave(kind, `ws://127.0.0.1:${port}`),
  };
  let isOver = false;
  let answersOrdersAfterMs = 0;
  let answersOrdersWhen: Promise<unknown> = Promise.resolve();

  const verdict = (request: UpstoxRequest): UpstoxAnswer => {
    if (request.path === '/master.json') return { status: 200, body: back.instruments };
    if (request.authorization !== `Bearer ${UPSTOX_TOKEN}` || isOver) return { status: 401, body: upstoxError('UDAPI100050', 'Invalid token used to access API') };
    return upstoxVerdict(back, request);
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = new URL(incoming.url ?? '/', 'http://upstox');
    const request: UpstoxRequest = { method: incoming.method ?? '', path: address.pathname, query: Object.fromEntries(address.searchParams), body: await bodyOf(incoming), authorization: incoming.headers.authorization };
    requests.push(request);
    const fault = faults.get(request.path)?.shift();
    const { status, body } = fault === undefined || fault.carriedOut ? verdict(request) : { status: 200, body: { status: 'success', data: { order_ids: ['never'] } } };
    if (request.path === '/hft/v3/order/place' && answersOrdersAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, answersOrdersAfterMs));
    if (request.path === '/hft/v3/order/place') await answersOrdersWhen;
    if (fault === undefined) send(response, status, JSON.stringify(body));
    else misbehave(response, fault, JSON.stringify(body));
  };

  const url = `http://127.0.0.1:${port}`;
  return {
    addresses: { orders: `${url}/hft`, reads: url }, masterAddress: `${url}/master.json`, accessToken: UPSTOX_TOKEN, back, sockets,
    asked: (path) => requests.filter((request) => request.path === path),
    askedUnder: (path) => requests.filter((request) => request.path.startsWith(path)),
    fail(path, fault, times = 1) {
      faults.set(path, [...(faults.get(path) ?? []), ...Array.from({ length: times }, () => fault)]);
    },
    get answersOrdersAfterMs() { return answersOrdersAfterMs; },
    set answersOrdersAfterMs(ms) { answersOrdersAfterMs = ms; },
    get answersOrdersWhen() { return answersOrdersWhen; },
    set answersOrdersWhen(moment) { answersOrdersWhen = moment; },
    get sessionOver() { return isOver; },
    set sessionOver(over) { isOver = over; },
    freezeLists(frozen) {
      const { orders, trades } = back.orders;
      back.lists = frozen ? { orders: orders.map((order) => ({ ...order })), trades: [...trades] } : undefined;
    },
    async close() {
      sockets.close();
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

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

function indiaText(at: number): string {
  return new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
