import { placeOrder } from '../../nodes';
import { readParameters } from '../../runtime/hosts/parameters';
import { runNode } from '../../runtime/hosts/run';
import type { Runtime } from '../../runtime/runtime';
import { REAL_MONTHS_ARE_HERE, type Course } from '../doubles/courses';
import { playFlow, type PlayedFlow, type PlayOptions } from '../doubles/playedFlow';
import { HOSTS } from '../doubles/shippedFlow';

const SBIN: Course = { symbol: 'SBIN', of: 'NIFTY', factor: 0.05 };
/** Of the five symbols of the ranking flow HDFCBANK has no recording: it is never ranked. */
const FOUR: readonly Course[] = [SBIN, { symbol: 'TCS', of: 'BNF', factor: 0.1 }, { symbol: 'INFY', of: 'NIFTY', factor: 0.09, mirrored: true }, { symbol: 'RELIANCE', of: 'BNF', factor: 0.07, mirrored: true }];

interface Strategy extends Omit<PlayOptions, 'host'> {
  readonly orders: readonly string[];
}

/** Each plays days of minutes twice. */
jest.setTimeout(30_000);

/** What each flow orders when it is imported and nothing is changed. */
const STRATEGIES: readonly Strategy[] = [
  { flow: 'EMA crossover', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-09 15:30', orders: [
    '06-08 10:40 BUY 10 SBIN 823.3', '06-08 13:10 SELL 10 SBIN 821.05',
    '06-09 10:30 BUY 10 SBIN 818.25', '06-09 12:00 SELL 10 SBIN 817.3', '06-09 12:10 BUY 10 SBIN 818.3', '06-09 13:10 SELL 10 SBIN 817.25', '06-09 13:50 BUY 10 SBIN 818.65', '06-09 15:00 SELL 10 SBIN 822.6',
  ] },
  { flow: 'Moving-average crossover', courses: [SBIN], from: '2022-06-24 09:00', until: '2022-06-28 15:30', orders: [
    '06-24 14:10 BUY 10 SBIN 784.95', '06-24 15:00 SELL 10 SBIN 784.65', '06-27 13:35 BUY 10 SBIN 794.5', '06-27 15:00 SELL 10 SBIN 793.2', '06-28 12:35 BUY 10 SBIN 790.05', '06-28 15:00 SELL 10 SBIN 791.15',
  ] },
  { flow: 'Supertrend', courses: [SBIN], from: '2022-06-21 09:00', until: '2022-06-23 15:30', orders: [
    '06-21 09:30 BUY 10 SBIN 771.95', '06-21 15:00 SELL 10 SBIN 781.85', '06-23 09:45 BUY 10 SBIN 777.35', '06-23 12:30 SELL 10 SBIN 772.95', '06-23 13:45 BUY 10 SBIN 777.25', '06-23 15:00 SELL 10 SBIN 779.15',
  ] },
  { flow: 'RSI swing', courses: [SBIN], from: '2022-06-17 09:00', until: '2022-06-21 15:30', orders: ['06-17 09:45 BUY 10 SBIN 767.5', '06-21 09:30 SELL 10 SBIN 771.95'] },
  { flow: 'Mean reversion', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-09 15:30', orders: [
    '06-08 09:40 BUY 10 SBIN 818', '06-08 10:35 SELL 10 SBIN 820.45', '06-08 13:10 BUY 10 SBIN 821.05', '06-08 15:00 SELL 10 SBIN 816.7', '06-09 09:20 BUY 10 SBIN 814.3', '06-09 10:25 SELL 10 SBIN 817.45',
  ] },
  { flow: 'Momentum ranking', courses: FOUR, from: '2022-06-08 09:00', until: '2022-06-08 15:30', orders: [
    '06-08 10:15 BUY 10 TCS 3503.55', '06-08 10:15 BUY 10 SBIN 818.75', '06-08 13:15 SELL 10 SBIN 820.05', '06-08 13:15 BUY 10 INFY 1510.9', '06-08 14:15 SELL 10 TCS 3488.85', '06-08 14:15 BUY 10 RELIANCE 2508.05',
    '06-08 15:00 SELL 10 INFY 1516.9', '06-08 15:00 SELL 10 RELIANCE 2507.5',
  ] },
  { flow: 'Opening-range breakout', courses: [SBIN], from: '2022-06-20 09:00', until: '2022-06-23 15:30', orders: [
    '06-20 12:25 BUY 10 SBIN 768.3', '06-20 15:00 SELL 10 SBIN 764.15', '06-21 09:50 BUY 10 SBIN 775.8', '06-21 15:00 SELL 10 SBIN 781.85', '06-23 12:10 BUY 10 SBIN 776.5', '06-23 13:10 SELL 10 SBIN 768.75',
  ] },
];

async function fromBothFiles(options: Omit<PlayOptions, 'host'>): Promise<readonly [PlayedFlow, PlayedFlow]> {
  const [first, second] = HOSTS;
  return [await playFlow({ ...options, host: first }), await playFlow({ ...options, host: second })];
}

/** What another flow of the account orders. */
function order(strategyId: string, values: object): (runtime: Runtime) => Promise<void> {
  return async (runtime) => {
    const params = readParameters(placeOrder.params, { symbol: 'SBIN', action: 'BUY', ...values }, { numbersAsText: false });
    if (!params.ok) throw new Error(params.denial.message);
    await runNode(placeOrder, params.value, {}, runtime.context({ account: 'paper', strategyId, nodeKey: 'order', signalId: `${strategyId} ${JSON.stringify(values)}` }));
  };
}

test('the real months are where the tests look for them', () => {
  if (!REAL_MONTHS_ARE_HERE) process.stdout.write('\nNo real months beside the project: the strategies are not played\n');
  expect(REAL_MONTHS_ARE_HERE || process.env['CI'] !== 'true').toBe(true);
});

describe.each(REAL_MONTHS_ARE_HERE ? STRATEGIES : [])('$flow', ({ orders, ...options }) => {
  test('as imported, either editor’s file places these orders, and decides the same to the byte', async () => {
    const [n8n, nodeRed] = await fromBothFiles(options);
    expect(n8n.orders).toEqual(orders);
    expect(nodeRed).toEqual(n8n);
  });
});

describe.each(REAL_MONTHS_ARE_HERE ? ['over a recorded market'] : [])('%s', () => {
  const [ema, , , , , momentum, breakout] = STRATEGIES;

  test('what comes later changes nothing: a recording that ends sooner gives the beginning of the same orders', async () => {
    if (ema === undefined) throw new Error('There is a first strategy.');
    const { orders } = await playFlow({ ...ema, host: 'n8n', until: '2022-06-09 12:05' });
    expect(orders).toEqual(ema.orders.slice(0, 4));
  });

  test('a symbol without prices is left out of the ranking, and the others trade', async () => {
    if (momentum === undefined) throw new Error('There is a ranking.');
    const { orders, alerts } = await playFlow({ ...momentum, host: 'n8n', courses: FOUR.slice(0, 2), until: '2022-06-08 10:30' });
    expect(orders).toEqual(['06-08 10:15 BUY 10 TCS 3503.55', '06-08 10:15 BUY 10 SBIN 818.75']);
    expect(alerts).toHaveLength(2);
  });

  test('before the close nothing is entered any more, and the strategy says so', async () => {
    if (breakout === undefined) throw new Error('There is a breakout.');
    const { alerts } = await playFlow({ ...breakout, host: 'node-red', until: '2022-06-20 15:30' });
    expect(alerts).toEqual([
      'info BUY 10 SBIN at 768.3: FILLED', 'info Opening range: closed 1, failed 0',
      'warning Refused SBIN: Positions in NSE:SBIN (MIS) are squared off now: nothing new is opened today.', 'warning Refused SBIN: NSE is not in continuous trading now.',
    ]);
  });

  test('End-of-day square-off closes what every strategy holds, cancels what rests, and no entry comes after it', async () => {
    const [n8n, nodeRed] = await fromBothFiles({
      flow: 'End-of-day square-off', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-08 15:30',
      meanwhile: {
        '2022-06-08 09:30': order('one', { quantity: 10 }), '2022-06-08 10:30': order('two', { action: 'SELL', quantity: 4 }), '2022-06-08 11:30': order('three', { quantity: 1, orderType: 'LIMIT', limitPrice: 800 }),
        '2022-06-08 15:02': order('late', { quantity: 10 }),
      },
    });
    expect(n8n.orders).toEqual(['06-08 09:30 BUY 10 SBIN 819.3', '06-08 10:30 SELL 4 SBIN 818.2', '06-08 11:30 BUY 0 SBIN CANCELLED', '06-08 15:00 BUY 4 SBIN 816.7', '06-08 15:00 SELL 10 SBIN 816.7']);
    expect(n8n.alerts).toEqual(['info Square-off: closed 2, failed 0, orders cancelled 1']);
    expect(nodeRed).toEqual(n8n);
  });
});
