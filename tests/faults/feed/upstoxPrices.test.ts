import { setImmediate as nextTurn } from 'node:timers/promises';
import * as definitions from '../../../nodes';
import { countingIds, manualClock, type ManualClock } from '../../../runtime/adapters/system/manual';
import { AccountConfig } from '../../../runtime/domain/account';
import { ok } from '../../../runtime/domain/denial';
import type { Tick } from '../../../runtime/domain/feed';
import { instrumentKey } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import type { Log } from '../../../runtime/domain/ports';
import { indiaTime } from '../../../runtime/domain/session';
import { MINUTE_MS } from '../../../runtime/domain/time';
import type { Source } from '../../../runtime/domain/trigger';
import { readNodeRed, replayFlow, type ReplayedFlow } from '../../../runtime/hosts/replay';
import { openRuntime } from '../../../runtime/open';
import type { Runtime } from '../../../runtime/runtime';
import { recordingNotifier } from '../../doubles/recordingNotifier';
import { WIDE } from '../../doubles/tradingWorld';
import { valueOf } from '../../doubles/triggerWorld';
import { upstoxServer, UPSTOX_TOKEN, type UpstoxServer } from '../../doubles/upstoxServer';

/** A share that no rule of Bellwether's own knows: only Upstox' list does. */
const SHARE = instrumentKey('NSE', 'QZXTEST');
const KEY = 'NSE_EQ|INE000Q01010';
const OPEN = indiaTime('2026-11-20', '09:15');
/** Within the 47th minute: what is told of it was heard from its middle on. */
const NOW = indiaTime('2026-11-20', '10:01') + 50_000;

const node = (id: string, type: string, wires: readonly (readonly string[])[], values: object) => ({ id, type: `bellwether-${type}`, z: 'tab', wires, nodeKey: id, strategyId: 'upstox', ...values });
/** A Market Trigger that buys. */
const flowOf = (fires: object) => [node('market', 'market-trigger', [['order']], { symbols: 'QZXTEST', timeframe: '1m', ...fires }), node('order', 'place-order', [[], []], { action: 'BUY', quantity: '10' })];

let clock: ManualClock;
let server: UpstoxServer;
let runtime: Runtime;
let flow: ReplayedFlow | undefined;
let said: string;

beforeEach(async () => {
  clock = manualClock(NOW);
  server = await upstoxServer(clock);
  server.back.instruments = [{ segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: KEY, lot_size: 1, tick_size: 5, trading_symbol: 'QZXTEST', name: 'QZX TEST LIMITED', exchange: 'NSE', symbol: SHARE }];
  // Nothing moves for three quarters of an hour, and the price leaps in the minute that is under way. What has not happened yet is not read.
  const minutes = Array.from({ length: 47 }, (_, index) => [stamp(OPEN + index * MINUTE_MS), 800, 805, 799, index === 46 ? 805 : 800, 5, 0]);
  server.back.candles.set(`${KEY} minutes/1`, minutes.reverse());
  said = '';
  const note = (fields: object, message: string): void => { said += `${message} ${JSON.stringify(fields)}\n`; };
  const log: Log = { debug: note, info: note, warn: note, error: note };
  runtime = await openRuntime({
    home: ':memory:', clock, ids: countingIds('u'), log, pause: () => nextTurn(), notifier: recordingNotifier(),
    feed: { kind: 'upstox', accessToken: UPSTOX_TOKEN }, upstox: { addresses: server.addresses, masterAddress: server.masterAddress },
  });
});
afterEach(async () => {
  await flow?.close();
  flow = undefined;
  await runtime.close();
  await server.close();
});

function stamp(at: number): string {
  return `${new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 19)}+05:30`;
}

/** Turns of the event loop: sockets of this machine take a few hundred. */
const MOST_TURNS = 10_000;

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; !await holds(); turn += 1) {
    if (turn === MOST_TURNS) throw new Error(`It never came to be. What was logged:\n${said}${JSON.stringify(await runtime.store.orders())}${JSON.stringify(await runtime.store.intents())}`);
    await nextTurn();
  }
}

/** Somebody else who watches the share: tells when the newest price has come. */
async function watch(): Promise<() => Tick | undefined> {
  let newest: Tick | undefined;
  const definition: Source & { readonly type: string } = {
    type: 'somebodyElse',
    start(_params, context) {
      const share = context.resolve('NSE', 'QZXTEST');
      if (share.ok) context.onTick(share.value, (tick) => { newest = tick; });
      return share.ok ? ok(undefined) : share;
    },
  };
  valueOf(await runtime.triggers.start({ definition, params: {}, nodeKey: 'else', strategyId: 'else' }, () => Promise.resolve()));
  return () => newest;
}

/** Starts the flow, and plays prices that are five seconds apart. */
async function play(fires: object, prices: readonly number[]): Promise<void> {
  const graph = valueOf(readNodeRed(flowOf(fires), Object.values(definitions)));
  await until(() => said.includes('The instrument master from upstox lists 1 instruments.'));
  flow = valueOf(await replayFlow({ graph, runtime, account: AccountConfig.parse({ limits: WIDE }), sources: 'live' }));
  const newest = await watch();
  await server.sockets.until(() => server.sockets.requests.some(({ method, data }) => method === 'sub' && data.instrumentKeys.includes(KEY)));
  let volume = 0;
  const trade = async (price: number): Promise<void> => {
    clock.advance(5_000);
    volume += 10_000;
    const at = clock.now();
    server.sockets.quote(KEY, { ltp: price, ltt: at, volume, levels: [[50, price - 0.05, 50, price]] }, at);
    await until(() => newest()?.at === at);
  };
  for (const price of prices) await trade(price);
  await until(async () => (await runtime.store.intents()).length > 0);
  // An order gets a share of what is traded after it.
  await trade(prices.at(-1) ?? NaN);
  await until(async () => (await runtime.store.orders()).some(({ status }) => status === 'FILLED'));
}

test('a Market Trigger on ticks of Upstox: its list names the share, its price fires and fills', async () => {
  await play({ fires: 'tick', minSeconds: '3600' }, [805]);
  expect(await runtime.store.orders()).toMatchObject([{ instrument: SHARE, nodeKey: 'order', status: 'FILLED', averagePrice: toMoney(805) }]);
  expect(said).not.toContain('upstoxsecret');
});

test('a Market Trigger on a condition: Upstox\' candles warm the indicator up and mend what was not heard, and it fires once', async () => {
  await play({ fires: 'condition', condition: 'close crosses above sma(20)' }, [805, 805, 806]);
  expect(await runtime.store.orders()).toMatchObject([{ instrument: SHARE, nodeKey: 'order', status: 'FILLED', averagePrice: toMoney(806) }]);
  expect((await runtime.store.signals({ nodeKey: 'market' })).map(({ happenedAt }) => happenedAt)).toEqual([OPEN + 47 * MINUTE_MS]);
  expect(server.askedUnder(`/v3/historical-candle/intraday/${encodeURIComponent(KEY)}`).length).toBeGreaterThan(0);
});

test('one list of names serves prices, candles and a live account: it is read once, and once more as the list of instruments', async () => {
  await play({ fires: 'tick', minSeconds: '3600' }, [805]);
  await runtime.declareAccount(AccountConfig.parse({ id: 'real', broker: 'upstox', mode: 'live' }), { accessToken: UPSTOX_TOKEN });
  await runtime.context({ account: 'real', strategyId: 'upstox', nodeKey: 'order', signalId: 's1' }).fetch({ funds: { kind: 'funds' } });
  expect(server.asked('/v3/user/get-funds-and-margin').length).toBeGreaterThan(0);
  expect(server.asked('/master.json')).toHaveLength(2);
});

test('a token that is over is said with its remedy, and nobody is asked again', async () => {
  server.sessionOver = true;
  const graph = valueOf(readNodeRed(flowOf({ fires: 'tick' }), Object.values(definitions)));
  await until(() => said.includes('The instrument master from upstox lists 1 instruments.'));
  flow = valueOf(await replayFlow({ graph, runtime, account: AccountConfig.parse({ limits: WIDE }), sources: 'live' }));
  await until(() => said.includes('Upstox gives no prices'));
  expect(said).toContain('Log in to Upstox again');
  expect(server.asked('/v3/feed/market-data-feed/authorize')).toHaveLength(1);
  expect(said).not.toContain('upstoxsecret');
});
