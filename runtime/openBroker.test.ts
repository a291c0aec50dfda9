import { countingIds, manualClock } from './adapters/system/manual';
import { openSqliteJournal } from './adapters/store';
import { AccountConfig, type AccountSecrets } from './domain/account';
import { ALWAYS_OPEN, createTradingCalendar } from './domain/session';
import { holdsStops } from './holdsStops';
import { oneUpstoxTable, openBroker, type BrokerWorld } from './openBroker';
import { silentLog } from '../tests/doubles/ingressWorld';
import { manualMarket } from './adapters/ticks/simulated/manualMarket';

const clock = manualClock(1_800_000_000_000);
const nowhere = 'http://127.0.0.1:1';
const ACCOUNTS: readonly (readonly [AccountConfig, AccountSecrets])[] = [
  [AccountConfig.parse({}), {}],
  [AccountConfig.parse({ broker: 'openalgo', url: nowhere }), { apiKey: 'k' }],
  [AccountConfig.parse({ broker: 'openalgo', url: nowhere, mode: 'live' }), { apiKey: 'k' }],
  [AccountConfig.parse({ broker: 'upstox' }), { accessToken: 't' }],
  [AccountConfig.parse({ broker: 'upstox', mode: 'live' }), { accessToken: 't' }],
];
const named = ACCOUNTS.map(([account, secrets]) => [`${account.broker} ${account.broker === 'paper' ? '' : account.mode}`.trim(), account, secrets] as const);

async function inWorld<T>(work: (world: BrokerWorld) => Promise<T>): Promise<T> {
  const journal = await openSqliteJournal({ path: ':memory:', clock, log: silentLog });
  const upstox = { addresses: { orders: nowhere, reads: nowhere }, masterAddress: `${nowhere}/master.json` };
  const world = {
    journal, inMemory: true, clock, ids: countingIds('o'), log: silentLog, market: manualMarket(), instruments: { find: () => undefined }, sessionsOf: () => ALWAYS_OPEN, calendar: createTradingCalendar(), upstox,
    upstoxKeys: oneUpstoxTable({ clock, log: silentLog, upstox }),
  };
  try {
    return await work(world);
  } finally {
    await journal.store.close();
  }
}

test.each(named)('%s is opened without asking anybody, and holds stops as the command says', async (_name, account, secrets) => {
  await inWorld(async (world) => {
    const broker = await openBroker(account, secrets, world);
    if (!broker.ok) throw new Error(broker.denial.message);
    const { heldStops = false, positionsCoverHoldings = false } = broker.value.capabilities;
    expect(heldStops && positionsCoverHoldings).toBe(holdsStops(account));
    await broker.value.close();
  });
});

test.each(named.filter(([, { broker }]) => broker !== 'paper'))('%s without its secret is not opened', async (_name, account) => {
  await inWorld(async (world) => {
    expect(await openBroker(account, {}, world)).toMatchObject({ ok: false, denial: { code: 'MISSING_FIELD' } });
  });
});
