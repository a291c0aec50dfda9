import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Order } from '../../runtime/domain/order';
import type { Store } from '../../runtime/domain/ports';
import { openStore } from '../../runtime/openStore';
import { filesBelow, found, tablesOf } from '../faults/secrets/canaries';
import type { LiveBroker } from './liveBrokers';
import { until } from './n8n/poll';
import { DAY_MS } from '../../runtime/domain/time';

export const VAULT_KEY = 'cnry+vault/key=2 of the tests';
export const ACCOUNT = 'mine';
export const CAPITAL = 100_000_000;
/** Wide limits; nothing is squared off by the clock, for the tests run at any hour. */
export const LIVE_LIMITS = { maxOrderValuePercent: 100, priceCollarPercent: 100, maxOpenPositions: 1_000, maxDailyOrders: 10_000, cooldownSeconds: 0, maxQuoteAgeSeconds: 60, squareOffMinutes: 0 };

/** A real host with a live account and a flow from an alert to an order. */
export interface LiveHost {
  readonly stateFolder: string;
  /** The alert's answer; undefined where the connection broke or nobody was there. */
  alert(id: string, symbol: string): Promise<{ readonly status: number; readonly receipt: unknown } | undefined>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Resolves when alerts can come. */
  start(): Promise<void>;
  /** Everything that the host has written or keeps, by where; without its own store of secrets. */
  places(): Promise<Record<string, string | Buffer>>;
  dispose(): Promise<void>;
}

/** Bought one by one while the host is killed again and again. */
const SLOW = ['ITC', 'LT', 'CIPLA', 'TITAN', 'MARUTI', 'ONGC', 'NTPC', 'AXISBANK', 'BHEL', 'GAIL', 'HINDALCO', 'VEDL'] as const;
/** Every share that these tests trade. */
export const SHARES: readonly string[] = ['SBIN', 'INFY', 'TCS', 'RELIANCE', 'WIPRO', ...SLOW];

/** Live orders leave in exchange hours only, and tests run at any hour: the state folder's own calendar says that the days around now trade. */
export function tradeAroundNow(stateFolder: string): void {
  const openDays = [-1, 0, 1].map((days) => ({ date: new Date(Date.now() + 5.5 * 3_600_000 + days * DAY_MS).toISOString().slice(0, 10), sessions: [{ from: '00:00', until: '23:59' }] }));
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(path.join(stateFolder, 'calendar.json'), JSON.stringify({ openDays }));
}

/** The command line, as a person types it. */
export async function bellwether(stateFolder: string, words: readonly string[], { input, env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {}): Promise<string> {
  const done = promisify(execFile)(process.execPath, [path.resolve('dist/cli/bellwether.js'), ...words, '--home', stateFolder], { env: { ...process.env, ...env } });
  done.child.stdin?.end(input ?? '');
  return (await done).stdout;
}

export async function inJournal<T>(host: LiveHost, look: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(host.stateFolder);
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

/** The same questions to every host: what is promised of orders while it is killed, asked of a broker that keeps its own books. */
export function describeLiveAccount(name: string, connect: () => Promise<LiveBroker>, open: (broker: LiveBroker) => Promise<LiveHost>): void {
  describe(name, () => {
    let gateway: LiveBroker;
    let host: LiveHost;
    let close: () => Promise<void> = () => Promise.resolve();

    beforeAll(async () => {
      gateway = await connect();
      close = () => gateway.close();
      host = await open(gateway);
      close = async () => {
        await host.dispose();
        await gateway.close();
      };
    });
    afterAll(() => close());

    const askedFor = (symbol: string): number => gateway.askedFor(symbol);
    const executed = (symbol: string) => gateway.executed(symbol);
    const arrived = (symbol: string): Promise<true> => until(`the order in ${symbol} at the gateway`, () => (askedFor(symbol) > 0 ? true : undefined));
    const orderIn = async (symbol: string): Promise<Order | undefined> => (await inJournal(host, (store) => store.orders({ limit: 1_000 }))).find(({ instrument }) => instrument === `NSE:${symbol}`);
    const becomes = (symbol: string, ...wanted: readonly string[]): Promise<Order> => until(`${wanted.join(' or ')} of ${symbol}`, async () => {
      const order = await orderIn(symbol);
      return order !== undefined && wanted.includes(order.status) ? order : undefined;
    });

    /** As a sender does: until somebody acknowledges. */
    const acknowledged = (id: string, symbol: string) => until(`an acknowledgement of ${id}`, async () => {
      const answer = await host.alert(id, symbol);
      return answer?.status === 202 || answer?.status === 200 ? answer : undefined;
    });

    /** The host holds the stops from its next look on, a second later at most. */
    async function armed(): Promise<string> {
      const words = ['arm', ACCOUNT, '--by', 'asha', '--confirm', `send real orders for ${ACCOUNT}`];
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await bellwether(host.stateFolder, words);
        } catch (error) {
          if (attempt === 20 || !String(error).includes('Nobody would hold the stops')) throw error;
        }
      }
    }

    const allDone = () => until('the end of every signal', () => inJournal(host, async (store) => ((await store.signals({ limit: 1_000 })).every(({ status }) => status === 'DONE') ? true : undefined)), 60_000);

    /** One order a symbol: sent at most once, and the journal says of it what the gateway says, or that nobody knows. */
    async function isAsPromised(symbols: readonly string[]): Promise<void> {
      for (const symbol of symbols) {
        const order = await until(`an outcome of ${symbol}`, async () => {
          const one = await orderIn(symbol);
          return one?.status === 'FILLED' || one?.status === 'UNKNOWN' ? one : undefined;
        }, 60_000);
        const atGateway = executed(symbol).map(({ orderid }) => orderid);
        expect({ symbol, sent: askedFor(symbol) <= 1, atGateway }).toEqual({ symbol, sent: true, atGateway: order.status === 'FILLED' ? [order.brokerOrderId] : [] });
      }
      const journalled = await inJournal(host, async (store) => Object.fromEntries((await store.positions({ openOnly: true })).map(({ instrument, quantity }) => [instrument, quantity])));
      expect(journalled).toEqual(Object.fromEntries(gateway.positions().map(({ exchange, symbol, quantity }) => [`${exchange}:${symbol}`, quantity])));
    }

    test('not armed, it sends nothing and says why; armed by a person, it sends', async () => {
      await acknowledged('unarmed', 'SBIN');
      const intent = await until('the refusal', () => inJournal(host, async (store) => (await store.intents()).find(({ denial }) => denial !== undefined)));
      expect([intent.denial?.code, gateway.askedFor()]).toEqual(['NOT_ARMED', 0]);
      expect(await armed()).toContain('Its stops are held by the process');
      await acknowledged('armed', 'SBIN');
      expect(await becomes('SBIN', 'FILLED')).toMatchObject({ quantity: 1, brokerOrderId: executed('SBIN')[0]?.orderid });
      expect(gateway.askedFor()).toBe(1);
    });

    test('killed with four placements at four moments: none is sent twice, what was accepted is adopted, what is not known stays visible and blocks', async () => {
      gateway.loseNext(false);
      gateway.loseNext(true);
      const lost = await acknowledged('lost', 'INFY');
      await arrived('INFY');
      await acknowledged('accepted', 'TCS');
      await arrived('TCS');
      await acknowledged('answered', 'RELIANCE');
      await arrived('RELIANCE');
      await acknowledged('barely', 'WIPRO');
      await host.kill();
      expect([executed('INFY').length, executed('TCS').length, executed('RELIANCE').length]).toEqual([0, 1, 1]);
      await host.start();

      expect(await becomes('TCS', 'FILLED')).toMatchObject({ brokerOrderId: executed('TCS')[0]?.orderid });
      expect((await becomes('INFY', 'UNKNOWN')).brokerOrderId).toBeUndefined();
      await isAsPromised(['SBIN', 'INFY', 'TCS', 'RELIANCE', 'WIPRO']);
      expect(await acknowledged('lost', 'INFY')).toEqual({ status: 200, receipt: lost.receipt });
      await acknowledged('another', 'INFY');
      await until('the block', () => inJournal(host, async (store) => (await store.intents({ limit: 1_000 })).find(({ denial }) => denial?.code === 'UNRESOLVED_ORDER')));
      expect([askedFor('INFY'), askedFor('TCS')]).toEqual([1, 1]);
      expect(JSON.parse(await bellwether(host.stateFolder, ['accounts', '--json']))).toContainEqual(expect.objectContaining({ account: ACCOUNT, orders: 'live', armed: 'yes', by: 'asha' }));
      await allDone();
    });

    test('killed again and again while a slow gateway takes orders: every alert is one order, or is one that nobody knows of', async () => {
      gateway.answersOrdersAfterMs = 200;
      // What waits for its turn when the host is killed may stay one that nobody knows of: every kill has alerts of its own.
      for (const symbols of [SLOW.slice(0, SLOW.length / 2), SLOW.slice(SLOW.length / 2)]) {
        const sending = symbols.reduce((before, symbol) => before.then(async () => { await acknowledged(`slow ${symbol}`, symbol); }), Promise.resolve());
        await until('three orders', () => (symbols.filter((symbol) => askedFor(symbol) > 0).length >= 3 ? true : undefined), 60_000);
        // Moments differ from run to run; what is asked for holds at each of them.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 250));
        await host.kill();
        await host.start();
        await sending;
      }
      gateway.answersOrdersAfterMs = 0;
      await allDone();
      await isAsPromised(SLOW);
    });

    test('the key stands nowhere that the host writes, in no form', async () => {
      const places = { ...await host.places(), ...filesBelow(host.stateFolder), ...tablesOf(path.join(host.stateFolder, 'bellwether.db')) };
      expect(Object.keys(places).length).toBeGreaterThan(10);
      expect(found({ 'the key': gateway.key, 'the vault\'s key': VAULT_KEY }, places)).toEqual([]);
    });
  });
}
