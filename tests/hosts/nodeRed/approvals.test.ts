import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { until } from '../n8n/poll';
import { opened, openPhone, pressed, scanOf, type Phone } from '../phone';
import { post } from './flow';
import { NodeRed, ROOT, type FlowNode } from './host';

jest.setTimeout(90_000);

const Flow = z.array(z.looseObject({ id: z.string(), type: z.string(), name: z.string().optional() }));
const shipped = Flow.parse(JSON.parse(readFileSync(path.join(ROOT, 'flows/node-red/Scan, approve, trade.json'), 'utf8')));
const TOKENS: Readonly<Record<string, string>> = { 'sat-trigger': 'b'.repeat(48), 'sat-answer': 'c'.repeat(48) };

let phone: Phone;
let host: NodeRed;

/** The shipped flow as a person completes it: a channel, the address, and an account whose market is always open. */
function flows(changes: Readonly<Record<string, object>> = {}): FlowNode[] {
  return [
    { id: 'account', type: 'bellwether-account', accountId: 'paper', marketHours: 'always', cooldownSeconds: '0', maxOpenPositions: '100' },
    { id: 'channel', type: 'bellwether-channel', name: 'phone', kind: 'webhook', credentials: { url: phone.url } },
    ...shipped.map((node) => ({
      ...node, ...('account' in node ? { account: 'account' } : {}), ...('channel' in node ? { channel: 'channel' } : {}), ...('token' in node ? { token: TOKENS[String(node['nodeKey'])] } : {}),
      ...(node.name === 'Ask Me' ? { answerUrl: `${host.base}/bellwether/hook/${TOKENS['sat-answer'] ?? ''}` } : {}), ...changes[node.name ?? ''],
    })),
  ];
}

beforeAll(async () => {
  phone = await openPhone();
  host = await new NodeRed().start();
  await host.deploy(flows());
});
afterAll(async () => {
  await host.dispose();
  await phone.close();
});

const scan = async (stocks: string, name: string): Promise<void> => {
  expect((await post(host, JSON.stringify(scanOf(stocks, name)), { token: TOKENS['sat-trigger'] ?? '' })).status).toBe(202);
};
const ordersOf = (symbol: string): number => host.count(`select count(*) from orders where instrument = 'NSE:${symbol}'`);
const told = (text: string) => phone.news(text, ({ message }) => message.includes(text));
const allDone = () => until('the end of every signal', () => (host.count("select count(*) from signals where status not in ('DONE', 'FAILED')") === 0 ? true : undefined));

test('a person approves on the page of the link, twice: one order, and the news of it; a declined one is told', async () => {
  await scan('SBIN,TCS', 'Breakouts');
  const [sbin, tcs] = [await phone.question('SBIN'), await phone.question('TCS')];
  const { status, page } = await opened(sbin);
  expect([status, page.includes('BUY 1 SBIN at '), page.includes('<form method="post"')]).toEqual([200, true, true]);
  expect([ordersOf('SBIN'), ordersOf('TCS')]).toEqual([0, 0]);
  const answers = await Promise.all([pressed(sbin, 'approve'), pressed(sbin, 'approve')]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 202]);
  expect((await pressed(tcs, 'decline')).page).toContain('<h1>Declined</h1>');
  await told('BUY 1 SBIN at');
  await told('Refused TCS: Declined');
  expect((await pressed(tcs, 'approve')).page).toContain('It was declined');
  expect((await pressed(sbin, 'decline')).page).toContain('It was approved');
  await allDone();
  expect([ordersOf('SBIN'), ordersOf('TCS')]).toEqual([1, 0]);
});

test('a made-up key is shown nothing and approves nothing', async () => {
  const link = new URL(await phone.question('SBIN'));
  link.searchParams.set('approval', 'made-up');
  expect((await opened(link.href)).status).toBe(404);
  expect((await pressed(link.href, 'approve')).status).toBe(404);
});

test('killed with an open question, and killed right after an approval: both are traded once', async () => {
  await scan('INFY,ITC', 'Before the crash');
  const [infy, itc] = [await phone.question('INFY'), await phone.question('ITC')];
  const [answer] = await Promise.all([pressed(itc, 'approve'), Promise.resolve()]);
  expect(answer.status).toBe(202);
  await host.kill();
  await host.start();
  expect((await pressed(infy, 'approve')).status).toBe(202);
  expect((await pressed(itc, 'approve')).status).toBe(200);
  await told('BUY 1 INFY at');
  await until('the order in ITC', () => (ordersOf('ITC') === 1 ? true : undefined));
  await allDone();
  expect([ordersOf('INFY'), ordersOf('ITC')]).toEqual([1, 1]);
});

test('nobody answers: it is told; the answer that comes later trades nothing. A price that has moved is refused', async () => {
  await host.deploy(flows({ 'Ask Me': { goodForMinutes: '0.1', answerUrl: `${host.base}/bellwether/hook/${TOKENS['sat-answer'] ?? ''}` }, 'Check the Answer': { maxMovePercent: '0.01' } }));
  const stocks = ['LT', 'CIPLA', 'TITAN', 'ONGC', 'NTPC', 'WIPRO', 'GAIL', 'VEDL', 'BHEL', 'MARUTI'];
  await scan('RELIANCE', 'Too late');
  const late = await phone.question('RELIANCE');
  await scan(stocks.join(), 'Moving');
  await Promise.all(stocks.map((stock) => phone.question(stock)));
  // The simulated market has another price with every second.
  const asked = Date.now();
  await until('another price', () => (Date.now() - asked > 1_000 ? true : undefined));
  for (const stock of stocks) expect((await pressed(await phone.question(stock), 'approve')).status).toBe(202);
  await allDone();
  const moved = stocks.filter((stock) => host.count(`select count(*) from alerts where message like 'Refused ${stock}: The price has moved %'`) === 1);
  expect(moved.length).toBeGreaterThan(0);
  expect(stocks.map(ordersOf)).toEqual(stocks.map((stock) => (moved.includes(stock) ? 0 : 1)));
  // In the journal: a channel takes twenty messages a minute.
  await until('the end of the question about RELIANCE', () => (host.count("select count(*) from alerts where message like 'Refused RELIANCE: Nobody approved it by %'") === 1 ? true : undefined));
  expect((await pressed(late, 'approve')).page).toContain('<h1>Expired</h1>');
  expect(ordersOf('RELIANCE')).toBe(0);
});

test('the keys of the links stand in no item, no alert and no log', () => {
  const keys = host.rows('select token from approvals').map(({ token }) => String(token));
  expect(keys.length).toBeGreaterThan(10);
  const written = `${JSON.stringify([host.rows('select item from signals'), host.rows('select message from alerts')])}${host.log}`;
  expect(keys.filter((key) => written.includes(key))).toEqual([]);
});
