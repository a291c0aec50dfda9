import fc from 'fast-check';
import { DenialCode } from '../../../runtime/domain/denial';
import { Envelope } from '../../../runtime/domain/envelope';
import type { TriggerBinding, WebhookAnswer, WebhookRequest } from '../../../runtime/runtime';
import { heapInUse } from '../../doubles/heap';
import { inboxStore } from '../../doubles/inboxStore';
import { bytesOf, chartInk, ingressWorld, NOW, SECRET, tradingView } from '../../doubles/ingressWorld';
import { manualClock } from '../../../runtime/adapters/system/manual';

const RUNS = 22_000;
/** What fast-check itself keeps of the runs stays well below. */
const HEAP_GROWTH_LIMIT_BYTES = 100 * 1_024 * 1_024;

const FORMS: readonly string[] = [
  `{"apikey":"${SECRET}","symbol":"RELIANCE","exchange":"NSE","action":"BUY","quantity":100,"product":"MIS","order_type":"MARKET","position_size":"10%","strategy_name":"EMA Crossover"}`,
  `{"apikey":"${SECRET}","strategy":"TradingView Strategy","symbol":"SBIN","action":"buy","exchange":"NSE","pricetype":"MARKET","product":"MIS","quantity":"10","position_size":"10"}`,
  `{"v":1,"secret":"${SECRET}","id":"NIFTY1!-Long","ts":"2026-11-20T05:30:00Z","exchange":"NSE","symbol":"SBIN","action":"sell","contracts":"5","price":"812.35","position":"flat","positionSize":"0","prevPosition":"long"}`,
  `{"secret":"${SECRET}","max_lag":"300","timestamp":"2026-11-20T05:30:00Z","trigger_price":"812.35","tv_exchange":"NSE","tv_instrument":"SBIN","action":"buy","order":{"amount":"10","currency_type":"base"}}`,
  `secret=${SECRET} BUY SBIN 10`,
  `secret=${SECRET} SBIN crossed 812`,
  '{"stocks":"SEPOWER,ASTEC,EDUCOMP","trigger_prices":"3.75,541.8,2.1","triggered_at":"2:34 pm","scan_name":"Short term breakouts","scan_url":"x","alert_name":"y","webhook_url":"http://z"}',
  `{"apikey":"${SECRET}","stocks":"SBIN,TCS","action":"BUY","product":"CNC","quantity_per_stock":"5","scan_name":"x","triggered_at":"11:00 am"}`,
];

const HOSTILE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'signal', 'decision', 'account', 'symbol', 'action', 'quantity', 'order', 'position_size', 'stocks', 'trigger_prices', 'triggered_at', 'ts', 'id', 'v', 'secret'];

const hostileKey = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 12 }));
const hostileValue = fc.oneof(
  fc.constantFrom<unknown>('{{ticker}}', '${7*7}', '../..', '1e999', '-0', 'NaN', '10%', '', ' ', '\u0000', '\ud800', null, true, -1, 0.1, Number.MAX_SAFE_INTEGER + 1, [], {}, [[]], { amount: {} }, { __proto__: null }),
  fc.string({ maxLength: 40, unit: 'binary' }), fc.double(), fc.jsonValue({ maxDepth: 3 }),
);
const withSecret = (body: object): string => JSON.stringify({ ...body, secret: SECRET });

/** A real form with a few bytes changed, removed or repeated. */
const mutated = fc.tuple(fc.constantFrom(...FORMS), fc.array(fc.tuple(fc.nat(), fc.constantFrom('cut', 'repeat', 'insert'), fc.string({ maxLength: 4, unit: 'binary' })), { maxLength: 3 }))
  .map(([form, edits]) => edits.reduce((text, [at, how, inserted]) => {
    const split = at % (text.length + 1);
    const [head, tail] = [text.slice(0, split), text.slice(split)];
    if (how === 'cut') return head + tail.slice(1 + (at % 5));
    return how === 'repeat' ? head + tail.slice(0, 20) + tail : head + inserted + tail;
  }, form));

/** A real form in which one field holds something else. */
const replaced = fc.tuple(fc.constantFrom(...FORMS.filter((form) => form.startsWith('{'))), hostileKey, hostileValue, fc.nat())
  .map(([form, key, value, at]) => {
    const fields = JSON.parse(form) as Record<string, unknown>;
    const names = Object.keys(fields);
    return JSON.stringify(Object.fromEntries([...Object.entries(fields).filter(([name]) => name !== names[at % (names.length + 1)]), [key, value]]));
  });

const body: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 3, arbitrary: fc.string({ maxLength: 200, unit: 'binary' }) },
  { weight: 3, arbitrary: fc.json({ maxDepth: 5 }) },
  { weight: 8, arbitrary: mutated },
  { weight: 8, arbitrary: replaced },
  { weight: 4, arbitrary: fc.dictionary(hostileKey, hostileValue, { maxKeys: 12 }).map(withSecret) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('{"a":', '[', '{"__proto__":', '[{"a":['), fc.integer({ min: 1, max: 3_000 })).map(([part, count]) => part.repeat(count)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 6_000 }).map((count) => withSecret({ stocks: Array.from({ length: count }, (_, index) => `S${index % 700}`).join(',') })) },
  { weight: 1, arbitrary: fc.integer({ min: 9_000, max: 140_000 }).map((length) => 'x'.repeat(length)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 8_000 }).map((count) => `{"secret":"${SECRET}","x":[${'0,'.repeat(count)}0]}`) },
);

/** Named, so that a counterexample can be read. */
const BINDINGS: Readonly<Record<string, TriggerBinding>> = {
  keyed: tradingView({}, { secret: SECRET }), target: tradingView({ targetMode: true }), noTexts: tradingView({ messages: 'refuse' }), fixed: tradingView({ messages: 'order', messageSymbol: 'SBIN' }),
  keyedScan: chartInk({}, { secret: SECRET }), namedScan: chartInk({ action: 'scanName' }),
};
const binding = fc.constantFrom(...Object.keys(BINDINGS));

function bindingOf(name: string): TriggerBinding {
  const found = BINDINGS[name];
  if (found === undefined) throw new Error(`There is no binding ${name}.`);
  return found;
}

const headers = fc.constantFrom<WebhookRequest['headers']>({}, {}, { 'content-type': 'application/json' }, { 'content-type': 'application/x-www-form-urlencoded' }, { 'content-encoding': 'gzip' }, { 'x-api-key': SECRET });

function checkAnswer({ secret }: TriggerBinding, { status, body: answer, entries }: WebhookAnswer): void {
  expect([200, 202, 400, 401, 413, 422]).toContain(status);
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  if (status === 200 || status === 202) expect(typeof answer['receipt']).toBe('string');
  else expect(DenialCode.safeParse((answer['error'] as { code?: unknown }).code).success).toBe(true);
  for (const { signalId, item } of entries) {
    if (secret !== undefined) expect(JSON.stringify(item)).not.toContain(secret);
    expect(Envelope.parse(item).signal?.id).toBe(signalId);
    expect(Object.keys(item)).not.toEqual(expect.arrayContaining(['decision']));
  }
}

test(`${RUNS} strange bodies get only typed answers, pollute nothing, stall nothing and fill no memory`, async () => {
  const clock = manualClock(NOW);
  const prototypeBefore = Object.getOwnPropertyNames(Object.prototype).sort();
  const seen = new Map<number, number>();
  let world = ingressWorld({ clock });
  let count = 0;
  let slowestMs = 0;
  const heapBefore = heapInUse();
  await fc.assert(fc.asyncProperty(body, binding, headers, async (raw, name, withHeaders) => {
    const to = bindingOf(name);
    // A small journal and no lockout: what is fuzzed is the reading.
    if (count % 200 === 0) world = ingressWorld({ clock, store: inboxStore(clock), limits: { maxWrongSecrets: 1_000_000 } });
    count += 1;
    const startedAt = performance.now();
    const answer = await world.post(to, bytesOf(raw), { headers: withHeaders });
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
    checkAnswer(to, answer);
  }), { numRuns: RUNS });
  expect(count).toBeGreaterThanOrEqual(20_000);
  // The bodies are near enough to real ones for every kind of answer to occur.
  expect([...seen.keys()].sort()).toEqual([200, 202, 400, 401, 413, 422]);
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(prototypeBefore);
  expect(slowestMs).toBeLessThan(1_000);
  expect(heapInUse() - heapBefore).toBeLessThan(HEAP_GROWTH_LIMIT_BYTES);
}, 120_000);

test('parsed bodies of any shape get only typed answers', async () => {
  const clock = manualClock(NOW);
  const world = ingressWorld({ clock, limits: { maxWrongSecrets: 1_000_000 } });
  await fc.assert(fc.asyncProperty(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }), binding, async (parsed, name) => {
    const to = bindingOf(name);
    checkAnswer(to, await world.ingress.receive(to, { parsed, headers: {}, remoteAddress: 'x', receivedAt: clock.now() }, 'attached'));
  }), { numRuns: 3_000 });
}, 60_000);
