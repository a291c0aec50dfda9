import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as definitions from '../../nodes';
import { AccountConfig } from '../../runtime/domain/account';
import type { AlertChannel } from '../../runtime/domain/ports';
import { canonicalIntents, readN8n, readNodeRed, replayFlow, type ReplayedFlow } from '../../runtime/hosts/replay';
import { HOSTS, valueOf } from '../doubles/shippedFlow';
import { tradingWorld, type TradingWorld } from '../doubles/tradingWorld';

const PHONE: AlertChannel = { kind: 'discord', url: 'https://discord.example/phone' };
const ANSWER_URL = 'https://trading.example/hook/abc';
const MINUTE = 60_000;

let world: TradingWorld;
let flow: ReplayedFlow;

/** The flow as it is shipped, with the one address that a person fills in. */
function withAddress(text: string, host: (typeof HOSTS)[number]): unknown {
  return JSON.parse(host === 'n8n' ? text.replace('"operation": "ask",', `"operation": "ask", "answerUrl": "${ANSWER_URL}",`) : text.replace('"answerUrl": ""', `"answerUrl": "${ANSWER_URL}"`));
}

async function start(host: (typeof HOSTS)[number]): Promise<void> {
  const text = readFileSync(path.join(__dirname, '../../flows', host, 'Scan, approve, trade.json'), 'utf8');
  const graph = valueOf((host === 'n8n' ? readN8n : readNodeRed)(withAddress(text, host), Object.values(definitions)));
  flow = valueOf(await replayFlow({ graph, runtime: world.runtime, account: AccountConfig.parse({}), channels: [PHONE] }));
}

async function open(host: (typeof HOSTS)[number]): Promise<void> {
  world = await tradingWorld();
  await start(host);
}
afterEach(async () => {
  await flow.close();
  await world.close();
});

const scan = (stocks: string, minute = 30) => flow.post('sat-trigger', JSON.stringify({ stocks, triggered_at: `10:${minute} am`, scan_name: 'Breakouts', scan_url: 'breakouts', alert_name: 'Alert for Breakouts' }));
const questions = () => world.notifier.sent.filter(({ link }) => link !== undefined);
const tokens = () => questions().map(({ link = '' }) => new URL(link).searchParams.get('approval') ?? '');
const answer = (token: string | undefined, verdict: 'approve' | 'decline') => flow.post('sat-answer', `approval=${token ?? ''}\r\nanswer=${verdict}`);
const bought = async () => (await world.runtime.store.orders()).map(({ instrument, quantity }) => `${quantity} ${instrument}`).sort();
const alerts = async () => (await world.runtime.store.alerts()).map(({ message }) => message);

describe.each(HOSTS)('%s', (host) => {
  test('one question for each stock; the approved one is traded once, the declined one is told', async () => {
    await open(host);
    await scan('SBIN,TCS');
    expect(questions().map(({ message }) => message)).toEqual(['BUY 1 SBIN at 800? Breakouts', 'BUY 1 TCS at 3,000? Breakouts']);
    expect(await bought()).toEqual([]);
    const [sbin, tcs] = tokens();
    await answer(sbin, 'approve');
    await answer(tcs, 'decline');
    expect(await answer(sbin, 'approve')).toMatchObject({ value: { status: 200 } });
    await answer(tcs, 'approve');
    await scan('SBIN,TCS');
    expect(await bought()).toEqual(['1 NSE:SBIN']);
    expect(await alerts()).toEqual(expect.arrayContaining([expect.stringMatching(/^BUY 1 SBIN at 800\.\d+: FILLED$/), expect.stringMatching(/^Refused TCS: Declined at /)]));
    expect(questions()).toHaveLength(2);
  });

  test('a price that moved away, and an answer that comes too late, trade nothing and say so', async () => {
    await open(host);
    await scan('SBIN,TCS');
    const [sbin, tcs] = tokens();
    world.quote('SBIN', 810);
    await answer(sbin, 'approve');
    world.clock.advance(10 * MINUTE + 1);
    world.quote('TCS', 3_000);
    await answer(tcs, 'approve');
    expect(await bought()).toEqual([]);
    expect(await alerts()).toEqual(expect.arrayContaining(['Refused SBIN: The price has moved 1.25%, from 800 to 810, since the question.', expect.stringMatching(/^Refused TCS: Nobody approved it by /)]));
  });

  test('after a restart an open question can still be answered; one that ran out meanwhile is told, and an answer that was taken before is traded', async () => {
    await open(host);
    await scan('SBIN,TCS');
    const [sbin = '', tcs = ''] = tokens();
    await flow.close();
    // The process ended between taking the answer and putting it into the inbox.
    await world.runtime.store.approvals.answer({ token: sbin, strategyId: 'scan-approve-trade', verdict: 'approved', answeredBy: 'sat-answer', happenedAt: world.clock.now() });
    world.clock.advance(10 * MINUTE + 1);
    for (const [symbol, price] of [['SBIN', 800], ['TCS', 3_000]] as const) world.quote(symbol, price);
    await start(host);
    await world.notifier.until((sent) => sent.filter(({ link }) => link === undefined).length === 2);
    expect(await bought()).toEqual(['1 NSE:SBIN']);
    expect((await alerts()).join()).toContain('Refused TCS: Nobody approved it by');
    expect(await answer(tcs, 'approve')).toMatchObject({ value: { status: 200 } });
    expect(await bought()).toEqual(['1 NSE:SBIN']);
  });
});

test('both editors’ files give the same intents to the byte', async () => {
  const journals: string[] = [];
  for (const host of HOSTS) {
    await open(host);
    await scan('SBIN,TCS');
    for (const token of tokens()) await answer(token, 'approve');
    journals.push(canonicalIntents(await world.runtime.store.intents()));
    if (host === 'n8n') {
      await flow.close();
      await world.close();
    }
  }
  expect(journals[1]).toBe(journals[0]);
  expect(journals[0]?.split('\n')).toHaveLength(2);
});
