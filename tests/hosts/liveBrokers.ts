import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../runtime/adapters/system/clock';
import { openAlgoServer, type Fault, type OpenAlgoServer } from '../doubles/openalgoServer';
import type { GatewayOrder, GatewayOrders } from '../doubles/openalgoServerOrders';
import { UPSTOX_TOKEN, upstoxServer } from '../doubles/upstoxServer';

/** A broker that keeps its own books, to be asked what it was sent. */
export interface LiveBroker {
  readonly name: 'openalgo' | 'upstox';
  /** What must stand nowhere that the host writes. */
  readonly key: string;
  readonly url: string;
  /** Placements that arrived, of one symbol or of all. */
  askedFor(symbol?: string): number;
  executed(symbol: string): readonly GatewayOrder[];
  positions(): ReturnType<GatewayOrders['positions']>;
  /** The next placement is never answered. */
  loseNext(carriedOut: boolean): void;
  /** Until a placement is answered. */
  answersOrdersAfterMs: number;
  close(): Promise<void>;
}

/** It has characters that look otherwise when they are encoded. */
export const API_KEY = 'cnry+gateway/key=1?äb&c';
const silence = (carriedOut: boolean): Fault => ({ kind: 'silence', carriedOut });

export async function liveGateway(): Promise<OpenAlgoServer> {
  const server = await openAlgoServer(systemClock, API_KEY);
  server.gateway.mode = 'live';
  return server;
}

export async function liveOpenAlgo(): Promise<LiveBroker> {
  const server = await liveGateway();
  const { orders } = server.gateway;
  return {
    name: 'openalgo', key: API_KEY, url: server.url,
    askedFor: (symbol) => server.asked('placeorder').filter((order) => symbol === undefined || order['symbol'] === symbol).length,
    executed: (symbol) => orders.orders.filter((order) => order.symbol === symbol),
    positions: () => orders.positions(),
    loseNext: (carriedOut) => { server.fail('placeorder', silence(carriedOut)); },
    get answersOrdersAfterMs() { return server.answersOrdersAfterMs; },
    set answersOrdersAfterMs(ms) { server.answersOrdersAfterMs = ms; },
    close: () => server.close(),
  };
}

const PLACE = '/hft/v3/order/place';
const keyOf = (symbol: string): string => `NSE_EQ|INE${symbol}`;

/** Upstox with these shares in its list. */
export async function liveUpstox(symbols: readonly string[]): Promise<LiveBroker> {
  const server = await upstoxServer(systemClock);
  server.back.instruments = symbols.map((symbol) => ({ segment: 'NSE_EQ', exchange: 'NSE', instrument_type: 'EQ', instrument_key: keyOf(symbol), lot_size: 1, freeze_quantity: 100_000, tick_size: 5, trading_symbol: symbol, symbol: `NSE:${symbol}` }));
  const { orders } = server.back;
  return {
    name: 'upstox', key: UPSTOX_TOKEN, url: server.addresses.reads,
    askedFor: (symbol) => server.asked(PLACE).filter(({ body }) => symbol === undefined || body['instrument_token'] === keyOf(symbol)).length,
    executed: (symbol) => orders.orders.filter((order) => order.symbol === symbol),
    positions: () => orders.positions(),
    loseNext: (carriedOut) => { server.fail(PLACE, silence(carriedOut)); },
    get answersOrdersAfterMs() { return server.answersOrdersAfterMs; },
    set answersOrdersAfterMs(ms) { server.answersOrdersAfterMs = ms; },
    close: () => server.close(),
  };
}

/**
 * The environment of a host for which Upstox' own hosts are the stand-in: an account has no address to set, and must have none. Whatever else the host asks
 * for over https fails, so that a test reaches nobody.
 */
export function upstoxInPlace(folder: string, url: string): Readonly<Record<string, string>> {
  const file = path.join(folder, 'upstox-in-place.cjs');
  writeFileSync(file, `const https = require('node:https');
const http = require('node:http');
const { hostname, port } = new URL(${JSON.stringify(url)});
const BELOW = { 'api-hft.upstox.com': (path) => '/hft' + path, 'api.upstox.com': (path) => path, 'assets.upstox.com': () => '/master.json' };
https.request = (options, callback) => {
  const below = BELOW[options.hostname];
  if (below === undefined) throw new Error('These tests reach nobody: ' + options.hostname);
  return http.request({ ...options, protocol: 'http:', host: hostname, hostname, port, path: below(options.path), agent: undefined }, callback);
};
`);
  return { NODE_OPTIONS: `--require ${JSON.stringify(file)}` };
}
