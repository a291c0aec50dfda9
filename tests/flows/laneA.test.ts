import fc from 'fast-check';
import { createCatalogue } from '../../runtime/domain/instrument';
import { instrumentKey, type Instrument } from '../../runtime/domain/market';
import { fromMoney, toMoney } from '../../runtime/domain/money';
import { PaperAccount } from '../../runtime/domain/account';
import type { BacktestTerms } from '../../runtime/domain/backtest';
import type { Candle } from '../../runtime/domain/candle';
import { createTradingCalendar, indiaMidnight, indiaTime } from '../../runtime/domain/session';
import { MINUTE_MS } from '../../runtime/domain/time';
import { checkLookahead, runBacktest, type BacktestRequest, type FlowGraph, type GraphNode } from '../../runtime/hosts/replay';
import { backtestFlow, columnsOfCandles, shippedGraph, termsOf } from '../doubles/backtestFlow';
import { REAL_MONTHS_ARE_HERE, type Course } from '../doubles/courses';
import { valueOf } from '../doubles/shippedFlow';
import { generator } from '../golden/randomBars';

jest.setTimeout(60_000);

const calendar = createTradingCalendar();
const SBIN = ((found: Instrument | undefined): Instrument => { if (found === undefined) throw new Error('SBIN is not listed.'); return found; })(createCatalogue().find(instrumentKey('NSE', 'SBIN')));
/** Nothing between a crossing and its order. */
const FREE = { capital: 10_000_000, slippage: 'none', participationPercent: 0, limits: { cooldownMs: 0, maxDailyOrders: 1_000, maxQuoteAgeMs: 60_000, maxDailyLossPercent: 100 } };

/** Minutes of a few days, on the tick. */
function wander(seed: number, days: readonly string[]): readonly Candle[] {
  const random = generator(seed);
  let last = 800;
  return days.flatMap((date) => Array.from({ length: 375 }, (_, minute): Candle => {
    const open = last;
    const close = tick(open * (1 + (random() - 0.5) * 0.003));
    last = close;
    return { time: indiaTime(date, '09:15') + minute * MINUTE_MS, open, close, high: tick(Math.max(open, close) + random()), low: tick(Math.min(open, close) - random()), volume: 0, closed: true };
  }));
}

function tick(price: number): number {
  return Math.round(price * 20) / 20;
}

function terms(candles: readonly Candle[], more: Partial<BacktestTerms> = {}): BacktestTerms {
  return { data: [{ instrument: SBIN, timeframeMs: MINUTE_MS, columns: columnsOfCandles(candles) }], from: candles[0]?.time ?? 0, until: (candles.at(-1)?.time ?? 0) + MINUTE_MS, account: PaperAccount.parse(FREE), charges: 'none', ...more };
}

/** The shipped flow of two triggers, an order and a close, without what ends the day. */
function plainCrossover(): FlowGraph {
  const graph = shippedGraph('n8n', 'EMA crossover');
  const kept = new Map([...graph.nodes].filter(([, { name }]) => ['Enter', 'Risk Gate', 'Place Order', 'Leave', 'Holding?', 'Close'].includes(name)));
  return { ...graph, nodes: kept, edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)) };
}

interface RoundTrip {
  readonly entryTime: number;
  readonly entryPrice: number;
  readonly exitTime?: number;
  readonly exitPrice?: number;
}

/** A plain EMA crossover of 5-minute candles, written down without anything of the engine: in at the next open after a crossing, out at the next open after the other one or at 15:05. */
function byHand(minutes: readonly Candle[]): readonly RoundTrip[] {
  const trips: { entryTime: number; entryPrice: number; exitTime?: number; exitPrice?: number }[] = [];
  const closes: number[] = [];
  let [fast, slow, fastBefore, slowBefore] = [NaN, NaN, NaN, NaN];
  let wish: 'in' | 'out' | undefined;
  let open: (typeof trips)[number] | undefined;
  minutes.forEach((minute, index) => {
    const ofDay = index % 375;
    if (ofDay === 350 && open !== undefined) {
      // The account's own square-off meets the last price that was seen.
      open.exitTime = minute.time;
      open.exitPrice = minutes[index - 1]?.close ?? NaN;
      open = undefined;
      if (wish === 'out') wish = undefined;
    }
    if (wish === 'in' && open === undefined) {
      open = { entryTime: minute.time, entryPrice: minute.open };
      trips.push(open);
    } else if (wish === 'out' && open !== undefined) {
      open.exitTime = minute.time;
      open.exitPrice = minute.open;
      open = undefined;
    }
    wish = undefined;
    if (ofDay % 5 !== 4) return;
    closes.push(minute.close);
    [fastBefore, slowBefore] = [fast, slow];
    fast = average(closes, 9, fast);
    slow = average(closes, 21, slow);
    const [above, below] = [fastBefore <= slowBefore && fast > slow, fastBefore >= slowBefore && fast < slow];
    const mayEnter = ofDay < 349;
    if (above && open === undefined && mayEnter) wish = 'in';
    if (below && open !== undefined && ofDay < 374) wish = 'out';
  });
  return trips;
}

function average(closes: readonly number[], period: number, before: number): number {
  const last = closes.at(-1) ?? NaN;
  if (closes.length < period) return NaN;
  if (closes.length === period) return closes.reduce((sum, close) => sum + close, 0) / period;
  return before + (last - before) * (2 / (period + 1));
}

const DAYS = calendar.tradingDays(SBIN, '2025-06-02', '2025-06-13');

test.each([1, 2, 3])('the trades of a plain crossover are those of a loop that knows nothing of the engine, to the paisa (course %i)', async (seed) => {
  const candles = wander(seed, DAYS);
  const { trades } = valueOf(await runBacktest({ graph: plainCrossover(), name: 'plain', terms: terms(candles) }));
  const trips = trades.map(({ entryTime, entryPrice, exitTime, exitPrice }): RoundTrip => ({ entryTime, entryPrice: fromMoney(entryPrice), ...(exitTime === undefined || exitPrice === undefined ? {} : { exitTime, exitPrice: fromMoney(exitPrice) }) }));
  expect(trips).toEqual(byHand(candles));
  expect(trips.length).toBeGreaterThan(5);
});

test('two walks are the same to the byte', async () => {
  const walk = async (): Promise<string> => JSON.stringify(valueOf(await runBacktest({ graph: shippedGraph('node-red', 'EMA crossover'), name: 'twice', terms: terms(wander(4, DAYS.slice(0, 3))) })), (_, value: unknown) => (value instanceof Float64Array ? [...value] : value));
  expect(await walk()).toBe(await walk());
});

test('the worth of the account at the end is the capital and what the trades made, whatever charges there were', async () => {
  const { equity, trades, capital } = valueOf(await runBacktest({ graph: shippedGraph('n8n', 'EMA crossover'), name: 'worth', terms: terms(wander(5, DAYS.slice(0, 4)), { charges: 'exchange' }) }));
  expect(trades.every(({ charges }) => charges > 0)).toBe(true);
  expect(toMoney(equity.equity[equity.length - 1] ?? NaN)).toBe(trades.reduce<number>((sum, { pnl }) => sum + pnl, capital));
});

describe('what comes later', () => {
  test.each(['EMA crossover', 'Supertrend', 'Re-entry exit', 'Momentum ranking'])('changes nothing of what %s decided before', async (flow) => {
    const report = valueOf(await checkLookahead({ graph: shippedGraph('n8n', flow), name: flow, terms: terms(wander(6, DAYS.slice(0, 3))) }, { cuts: 4 }));
    expect(report.cuts).toHaveLength(4);
    expect(report).toEqual({ clean: true, cuts: report.cuts.map(({ at }) => ({ at })) });
  });

  test('at any moment', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 3 }), async (seed, cuts) => {
      expect(valueOf(await checkLookahead({ graph: plainCrossover(), name: 'plain', terms: terms(wander(seed, DAYS.slice(0, 2))) }, { cuts })).clean).toBe(true);
    }), { numRuns: 8 });
  });

  test('is found out where somebody looks at it', async () => {
    /** A walker that buys before the day's best close. */
    const peeking = async (request: BacktestRequest) => {
      const result = await runBacktest(request);
      const best = Math.max(...(request.terms.data[0]?.columns.close ?? []));
      return result.ok ? { ok: true as const, value: { ...result.value, alerts: [{ at: request.terms.from, severity: 'info' as const, message: `best ${best}` }] } } : result;
    };
    const { clean, cuts } = valueOf(await checkLookahead({ graph: plainCrossover(), name: 'plain', terms: terms(wander(7, DAYS.slice(0, 1))) }, { cuts: 1, run: peeking }));
    expect(clean).toBe(false);
    expect(cuts[0]?.difference).toContain('best');
  });
});

describe('orders on another instrument than the signals come from', () => {
  const INDEX: Instrument = { key: instrumentKey('NSE_INDEX', 'NIFTY'), exchange: 'NSE_INDEX', symbol: 'NIFTY', segment: 'index', base: 'NIFTY', lotSize: 1 };
  const FUTURE: Instrument = { key: instrumentKey('NFO', 'NIFTY28JUN22FUT'), exchange: 'NFO', symbol: 'NIFTY28JUN22FUT', segment: 'future', base: 'NIFTY', lotSize: 50, tickSize: toMoney(0.05), expiry: '2022-06-28' };
  const NIFTY: Course = { symbol: 'SBIN', of: 'NIFTY', factor: 1 };

  test.each(REAL_MONTHS_ARE_HERE ? ['EMA crossover', 'Opening-range breakout'] : [])('%s on an index trades a stand-in future with its declared lot and tick', async (flow) => {
    const graph = shippedGraph('n8n', flow);
    const nodes = new Map<string, GraphNode>([...graph.nodes].map(([id, node]): [string, GraphNode] => {
      if (node.kind !== 'ours') return [id, node];
      const symbol = node.definition.type === 'marketTrigger' ? { symbols: 'NSE_INDEX:NIFTY' } : node.name === 'Risk Gate' ? { exchange: 'NFO', symbol: FUTURE.symbol, defaultQuantity: 50 } : ['Holding?', 'New?', 'Close'].includes(node.name) ? { exchange: 'NFO', symbol: FUTURE.symbol } : {};
      return [id, { ...node, values: { ...node.values, ...symbol } }];
    }));
    const base = termsOf({ courses: [NIFTY], from: '2022-06-06 09:00', until: '2022-06-17 15:30' }, { capital: 100_000_000 });
    const [recorded] = base.data;
    if (recorded === undefined) throw new Error('There is a month.');
    const result = valueOf(await runBacktest({ graph: { ...graph, nodes }, name: flow, terms: { ...base, data: [{ ...recorded, instrument: INDEX }, { ...recorded, instrument: FUTURE }] } }));
    expect(result.trades.length).toBeGreaterThan(3);
    expect(new Set(result.fills.map(({ quantity }) => quantity))).toEqual(new Set([50]));
    expect(new Set(result.orders.map(({ instrument }) => instrument))).toEqual(new Set([FUTURE.key]));
    expect(result.trades.every(({ entryPrice }) => entryPrice % toMoney(0.05) === 0)).toBe(true);
  });
});

test('why something was bought and sold is told by names and values', async () => {
  const { trades } = await backtestFlow({ host: 'n8n', flow: 'EMA crossover', courses: REAL_MONTHS_ARE_HERE ? [{ symbol: 'SBIN', of: 'NIFTY', factor: 0.05 }] : [], from: '2022-06-08 09:00', until: '2022-06-08 15:30' });
  expect(trades[0]?.entryReason).toMatchObject({ by: 'Place Order', trigger: 'Enter' });
  expect(trades[0]?.entryReason.because).toMatch(/^ema\(9\) crosses above ema\(21\): true \(ema\(9\) = [\d.]+/);
  expect(trades[0]?.exitReason).toMatchObject({ by: 'Close', trigger: 'Leave' });
  // The trigger's condition first, then the one on the way.
  expect(trades[0]?.exitReason?.because).toMatch(/^ema\(9\) crosses below ema\(21\): true \(ema\(9\) = [\d.]+, ema\(21\) = .*\); position\.quantity > 0: true \(position\.quantity = 10\)$/);
});

test('a trigger on forming candles sees each as its ticks make it, and nothing of its end', async () => {
  const graph = plainCrossover();
  const nodes = new Map<string, GraphNode>([...graph.nodes].map(([id, node]): [string, GraphNode] => [id, node.kind === 'ours' && node.name === 'Enter' ? { ...node, values: { ...node.values, fires: 'candle', forming: true, minSeconds: 0 } } : node]));
  const candles = wander(8, DAYS.slice(0, 1));
  const { intents } = valueOf(await runBacktest({ graph: { ...graph, nodes }, name: 'forming', terms: terms(candles.slice(0, 7)) }));
  // Four ticks a minute, each of them a forming candle, and the closed one; the strategy's one entry is followed by refusals or further units.
  expect(intents.length).toBeGreaterThan(20);
});

test('what an account leaves to its broker is squared off by it at 15:20, booked to the strategy and told as such', async () => {
  const account = PaperAccount.parse({ ...FREE, safety: { squareOffMinutes: 0 } });
  const { trades, equity, capital } = valueOf(await runBacktest({ graph: plainCrossover(), name: 'left', terms: terms(wander(9, DAYS.slice(0, 4)), { account, charges: 'exchange' }) }));
  const squaredOff = trades.filter(({ exitReason }) => exitReason?.by === 'square-off');
  expect(squaredOff.length).toBeGreaterThan(0);
  expect(squaredOff.map(({ exitTime = 0 }) => (exitTime - indiaMidnight(exitTime)) / MINUTE_MS)).toEqual(squaredOff.map(() => 15 * 60 + 20));
  expect(toMoney(equity.equity[equity.length - 1] ?? NaN)).toBe(trades.reduce<number>((sum, { pnl }) => sum + pnl, capital));
});

test('a contract that is held to its end is settled there', async () => {
  const future: Instrument = { key: instrumentKey('NFO', 'NIFTY26JUN25FUT'), exchange: 'NFO', symbol: 'NIFTY26JUN25FUT', segment: 'future', base: 'NIFTY', lotSize: 75, tickSize: toMoney(0.05), expiry: '2025-06-26' };
  const graph = plainCrossover();
  const nodes = new Map<string, GraphNode>([...graph.nodes].flatMap(([id, node]): [string, GraphNode][] => {
    if (node.kind !== 'ours' || ['Leave', 'Holding?', 'Close'].includes(node.name)) return [];
    const changed = node.name === 'Enter' ? { symbols: 'NFO:NIFTY26JUN25FUT' } : node.name === 'Risk Gate' ? { product: 'NRML', defaultQuantity: 75, maxPosition: 75 } : {};
    return [[id, { ...node, values: { ...node.values, ...changed } }]];
  }));
  const candles = wander(10, calendar.tradingDays(SBIN, '2025-06-24', '2025-06-27'));
  const base = terms(candles);
  const { trades } = valueOf(await runBacktest({ graph: { ...graph, nodes, edges: graph.edges.filter(({ from, to }) => nodes.has(from) && nodes.has(to)) }, name: 'held', terms: { ...base, data: base.data.map((recorded) => ({ ...recorded, instrument: future })) } }));
  expect(trades.map(({ quantity, exitReason }) => [quantity, exitReason?.by])).toEqual([[75, 'expiry']]);
});
