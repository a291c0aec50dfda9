import { canonicalIntents, type ReplayedFlow } from '../../runtime/hosts/replay';
import { HOSTS, shippedFlow, valueOf } from '../doubles/shippedFlow';
import { tradingWorld, type TradingWorld } from '../doubles/tradingWorld';

let world: TradingWorld;
let flow: ReplayedFlow;
const open = async (host: (typeof HOSTS)[number]): Promise<void> => {
  world = await tradingWorld();
  world.quote('INFY', 1_500);
  flow = await shippedFlow(world.runtime, host, 'ChartInk basket');
};
afterEach(async () => {
  await flow.close();
  await world.close();
});

const scan = (stocks: string, minute: number) => JSON.stringify({ stocks, triggered_at: `10:${minute} am`, scan_name: 'Breakouts', scan_url: 'breakouts', alert_name: 'Alert for Breakouts' });
const post = async (stocks: string, minute = 30) => valueOf(await flow.post('ci-trigger', scan(stocks, minute)));
const bought = async () => (await world.runtime.store.orders()).map(({ instrument }) => instrument).sort();

test('every stock of a scan is its own order; one that is refused hides no other', async () => {
  await open('n8n');
  expect(await post('SBIN,NOSUCHSHARE,TCS,INFY')).toMatchObject({ status: 202 });
  expect(await bought()).toEqual(['NSE:INFY', 'NSE:SBIN', 'NSE:TCS']);
});

test('the same scan again buys nothing; a later one leaves out what is held or cooling down', async () => {
  await open('n8n');
  await post('SBIN,TCS');
  expect(await post('SBIN,TCS')).toMatchObject({ status: 200 });
  await post('SBIN,TCS,INFY', 45);
  expect(await bought()).toEqual(['NSE:INFY', 'NSE:SBIN', 'NSE:TCS']);
  world.clock.advance(600_000);
  for (const [symbol, price] of [['SBIN', 800], ['TCS', 3_000], ['INFY', 1_500]] as const) world.quote(symbol, price);
  await post('SBIN', 59);
  expect(await bought()).toHaveLength(3);
  expect((await world.runtime.store.alerts()).map(({ message }) => message).join()).toContain('already held');
});

test('both editors\' files give the same intents to the byte', async () => {
  const journals: string[] = [];
  for (const host of HOSTS) {
    await open(host);
    await post('SBIN,TCS');
    await post('TCS,INFY', 45);
    journals.push(canonicalIntents(await world.runtime.store.intents()));
    if (host === 'n8n') {
      await flow.close();
      await world.close();
    }
  }
  expect(journals[1]).toBe(journals[0]);
  expect(journals[0]?.split('\n')).toHaveLength(4);
});
