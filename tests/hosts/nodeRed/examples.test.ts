import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import * as definitions from '../../../nodes';
import { convertFlow } from '../../../runtime/hosts/carry';
import { readFlow } from '../../../runtime/hosts/replay';
import { restingTabs } from '../../../scripts/start/nodeRed/demoFlows.mjs';
import { alertBody, post, untilDone } from './flow';
import { NodeRed, ROOT, type FlowNode } from './host';

jest.setTimeout(60_000);

const Flow = z.array(z.looseObject({ id: z.string(), type: z.string() }));
const folder = path.join(ROOT, 'flows/node-red');
const TOKENS: Readonly<Record<string, string>> = { 'tv-trigger': 'a'.repeat(48), 'ci-trigger': 'b'.repeat(48), 'sat-trigger': 'c'.repeat(48), 'sat-answer': 'd'.repeat(48) };

const shipped = readdirSync(folder).flatMap((file) => Flow.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))));
/** Tabs that trade by themselves, at their own times: they stay disabled, as after `npm start`. */
const resting = restingTabs(shipped);
/** The shipped flows as a person runs them, with an always open market for the account that their nodes use by default. */
const flows: FlowNode[] = [
  { id: 'account', type: 'bellwether-account', accountId: 'paper', marketHours: 'always', cooldownSeconds: '0' },
  ...shipped.map((node) => ({ ...node, ...('token' in node ? { token: TOKENS[String(node['nodeKey'])] } : {}), ...(resting.has(node.id) ? { disabled: true } : {}) })),
];
const idOf = (name: string): string => flows.find((node) => node['name'] === name)?.id ?? '';

let host: NodeRed;

beforeAll(async () => {
  host = await new NodeRed({ flows }).start();
});

afterAll(() => host.dispose());

/** Alerts are the last thing every flow does: when one is recorded, its flow has ended. */
async function untilAlert(message: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (host.count(`select count(*) from alerts where message like '${message}'`) === 0) {
    if (performance.now() > deadline) throw new Error(`No alert like "${message}" among ${JSON.stringify(host.rows('select message from alerts'))}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a TradingView alert becomes an order and an alert', async () => {
  expect((await post(host, alertBody('example'), { token: TOKENS['tv-trigger'] ?? '' })).status).toBe(202);
  await untilAlert('BUY 1 SBIN at %: FILLED');
});

test('every stock of a ChartInk scan becomes an order, one that is unknown hides no other', async () => {
  const scan = { stocks: 'INFY,TCS,NOSUCHSTOCK', trigger_prices: '1500,3500,1', triggered_at: '2:34 pm', scan_name: 'Breakouts', scan_url: 'breakouts', alert_name: 'Alert for breakouts', webhook_url: 'http://example.com' };
  expect((await post(host, JSON.stringify(scan), { token: TOKENS['ci-trigger'] ?? '' })).status).toBe(202);
  await untilDone(host, 3);
  expect(host.rows("select instrument, status from orders where strategy_id = 'chartink-basket' order by instrument")).toEqual([{ instrument: 'NSE:INFY', status: 'FILLED' }, { instrument: 'NSE:TCS', status: 'FILLED' }]);
});

test('the trade lock lets the first through and tells the second who holds it', async () => {
  await host.inject(idOf('Try to Enter'));
  await untilAlert('The lock for SBIN is ours.');
  await host.inject(idOf('Try to Enter'));
  await untilAlert('SBIN is locked by %');
});

test('the kill switch closes every position of the account and stops entries until it is re-armed', async () => {
  await host.inject(idOf('Pull the Switch'));
  await untilAlert('Kill switch pulled%');
  expect(host.count('select count(*) from positions where quantity <> 0')).toBe(0);
  expect(host.count('select kill_switch from risk_state')).toBe(1);
  await post(host, alertBody('after the kill'), { token: TOKENS['tv-trigger'] ?? '' });
  await untilAlert('Refused SBIN:%kill switch%');
  const since = host.log.length;
  await host.inject(idOf('Re-arm'));
  while (host.count('select kill_switch from risk_state') === 1) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(host.log.slice(since)).not.toContain('error');
});

test('the performance report tells what the account has traded', async () => {
  await host.inject(idOf('Make a Report'));
  await untilAlert('Net P&L % in % trades, charges %');
});

/** Every workflow that we ship for n8n, converted. Nodes keep their keys, so they trade as their twins do. */
function convertedFlows(): readonly FlowNode[] {
  const from = path.join(ROOT, 'flows/n8n');
  const made = readdirSync(from).flatMap((file) => {
    const read = readFlow(JSON.parse(readFileSync(path.join(from, file), 'utf8')), Object.values(definitions));
    const conversion = read.ok ? convertFlow(read.value, 'node-red') : read;
    if (!conversion.ok) throw new Error(`${file}: ${conversion.denial.message}`);
    return Flow.parse(conversion.value.file);
  });
  const rests = restingTabs(made);
  return made.map((node) => ({ ...node, ...('token' in node ? { token: TOKENS[String(node['nodeKey'])] ?? '' } : {}), ...(rests.has(node.id) ? { disabled: true } : {}) }));
}

// The last one: from here on the editor holds other flows.
test('workflows of n8n, converted, are flows of this Node-RED: it keeps every node, knows every type, and an alert becomes an order', async () => {
  const converted = convertedFlows();
  const since = host.log.length;
  await host.deploy([...flows.slice(0, 1), ...converted]);
  const running = z.object({ flows: z.array(z.looseObject({ id: z.string() })) }).parse(await host.admin('GET', '/flows')).flows;
  expect(running.map(({ id }) => id).toSorted()).toEqual([...flows.slice(0, 1), ...converted].map(({ id }) => id).toSorted());
  const filled = "select count(*) from orders where node_key = 'tv-order' and status = 'FILLED'";
  const before = host.count(filled);
  expect((await post(host, alertBody('converted'), { token: TOKENS['tv-trigger'] ?? '' })).status).toBe(202);
  for (let look = 0; look < 400 && host.count(filled) === before; look += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(host.count(filled)).toBe(before + 1);
  expect(host.log.slice(since)).not.toMatch(/missing types|\[error\]/i);
});
