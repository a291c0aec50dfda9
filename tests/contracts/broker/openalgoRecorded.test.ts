import { readFileSync } from 'node:fs';
import path from 'node:path';
import axios from 'axios';
import { z } from 'zod';
import { judge } from '../../../runtime/adapters/brokers/openalgo/answer';
import { FundsAnswer, OrderBookAnswer, OrderRow, TradeBookAnswer, TradeRow } from '../../../runtime/adapters/brokers/openalgo/schema';
import { listedRow } from '../../../runtime/adapters/brokers/openalgo/mapper';
import { listedOrder } from '../../../runtime/adapters/brokers/following/shown';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { toMoney } from '../../../runtime/domain/money';
import { openAlgoServer, type OpenAlgoServer } from '../../doubles/openalgoServer';
import { TEN_IN_INDIA } from './paperBench';

const Pair = z.object({ note: z.string(), path: z.string(), request: z.record(z.string(), z.unknown()).nullable(), status: z.number(), response: z.record(z.string(), z.unknown()) });
const PAIRS = z.array(Pair).parse(JSON.parse(readFileSync(path.resolve(__dirname, '../../../../shared/contracts/openalgo-rest.json'), 'utf8')));

/** What was asked between two recorded requests and not recorded itself, so that the server stands as it stood. */
const BEFORE: Readonly<Record<string, readonly (readonly [string, object])[]>> = {
  'smart SELL q0 ps0 cur0': [['placesmartorder', { strategy: 't', exchange: 'NSE', symbol: 'RELIANCE', action: 'BUY', quantity: '0', product: 'MIS', position_size: '0' }]],
};

/** Keys and kinds of values; of a list its first entry. Empty lists have no shape to compare. */
function shapeOf(value: unknown, like: unknown): unknown {
  if (Array.isArray(value)) return Array.isArray(like) && like.length > 0 ? value.slice(0, 1).map((entry) => shapeOf(entry, like[0])) : 'list';
  if (typeof value !== 'object' || value === null) return typeof value;
  const other = z.record(z.string(), z.unknown()).catch({}).parse(like);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, ['status', 'mode'].includes(key) ? entry : shapeOf(entry, other[key])]));
}

let server: OpenAlgoServer;
beforeAll(async () => {
  server = await openAlgoServer(manualClock(TEN_IN_INDIA));
});
afterAll(() => server.close());

const ask = async (address: string, body: object | null): Promise<{ readonly status: number; readonly data: unknown }> => {
  const { status, data } = await axios.request<unknown>({ url: `${server.url}${address}`, method: body === null ? 'GET' : 'POST', ...(body === null ? {} : { data: body }), validateStatus: () => true });
  return { status, data };
};

test('the contract server answers the recorded requests with the recorded shapes', async () => {
  expect(PAIRS.length).toBeGreaterThan(30);
  for (const { note, path: address, request, status, response } of PAIRS) {
    for (const [endpoint, body] of BEFORE[note] ?? []) await ask(`/api/v1/${endpoint}`, { apikey: server.apiKey, ...body });
    const answer = await ask(address, request);
    expect({ note, address, status: answer.status, shape: shapeOf(answer.data, response) }).toEqual({ note, address, status, shape: shapeOf(response, answer.data) });
  }
});

test.each(PAIRS.map((pair) => [`${pair.path} ${pair.note}`, pair] as const))('the adapter reads the recorded answer to %s', (_name, { status, response }) => {
  const answer = judge({ kind: 'answered', httpStatus: status, text: JSON.stringify(response) });
  expect(answer.kind).toBe(status === 200 ? 'success' : status < 500 ? 'refused' : 'unsure');
  if (answer.kind === 'refused') expect(answer.message).toMatch(/^[^{}[\]]{5,}$/);
});

const recorded = (endpoint: string) => PAIRS.filter(({ path: address, status }) => address === `/api/v1/${endpoint}` && status === 200).map(({ response }) => response);

test('every row of the recorded lists is an order, a trade, and money', () => {
  const orders = recorded('orderbook').flatMap((answer) => OrderBookAnswer.parse(answer).data.orders).map((row) => listedOrder(listedRow(OrderRow.parse(row)), undefined));
  expect(orders).toHaveLength(20);
  expect(orders.map((order) => order?.status)).toEqual(expect.arrayContaining(['FILLED', 'TRIGGER_PENDING']));
  expect(orders).toContainEqual({ brokerOrderId: '26112352450715', instrument: 'NSE:RELIANCE', action: 'SELL', quantity: 300, filledQuantity: 300, product: 'MIS', status: 'FILLED', averagePrice: toMoney(1499.5), placedAt: Date.UTC(2026, 10, 23, 5, 0, 57) });
  const trades = recorded('tradebook').flatMap((answer) => TradeBookAnswer.parse(answer).data).map((row) => TradeRow.parse(row));
  expect(new Set(trades.map(({ tradeid }) => tradeid)).size).toBe(7);
  expect(recorded('funds').map((answer) => FundsAnswer.parse(answer).data)).toEqual([{ availablecash: 9_973_928, utiliseddebits: 25_772 }]);
});
