import type { AccountEvent } from '../../runtime/domain/accountEvent';
import { Envelope } from '../../runtime/domain/envelope';
import { createCatalogue, resolveSymbol } from '../../runtime/domain/instrument';
import { instrumentKey } from '../../runtime/domain/market';
import { createTradingCalendar, indiaTime } from '../../runtime/domain/session';
import { MINUTE_MS } from '../../runtime/domain/time';
import type { EventWish, Firing, TriggerContext } from '../../runtime/domain/trigger';
import { readParameters } from '../../runtime/hosts/parameters';
import { orderEventTrigger } from './definition';

const NOW = indiaTime('2026-11-20', '10:31');
const SBIN = instrumentKey('NSE', 'SBIN');
const FILLED: AccountEvent = {
  seq: 4, key: 'order bw1 filled', account: 'paper', kind: 'filled', strategyId: 'mine', instrument: SBIN, orderId: 'bw1', signalId: 'a1',
  message: 'BUY 10 NSE:SBIN was filled at 812.35.', facts: { action: 'BUY', quantity: 10 }, happenedAt: NOW - 1_000, recordedAt: NOW,
};
const KILLED: AccountEvent = { seq: 5, key: 'killSwitch 5', account: 'paper', kind: 'killSwitch', message: 'The kill switch is on.', facts: {}, happenedAt: NOW, recordedAt: NOW };

interface Started {
  readonly fired: Firing[];
  readonly statuses: string[];
  readonly wish: EventWish;
  readonly tell: (event: AccountEvent) => Promise<string>;
}

function world(values: Readonly<Record<string, unknown>>): { readonly started: Started; readonly outcome: ReturnType<typeof orderEventTrigger.start> } {
  const fired: Firing[] = [];
  const statuses: string[] = [];
  let listening: Parameters<TriggerContext['onEvents']> | undefined;
  const unused = (): never => { throw new Error('Events use no ticks.'); };
  const context: TriggerContext = {
    identity: { strategyId: 'mine', nodeKey: 'events' }, now: () => NOW, calendar: createTradingCalendar(),
    resolve: (exchange, symbol) => resolveSymbol({ exchange, symbol, at: NOW, instruments: createCatalogue() }),
    onTick: unused, candles: { watch: unused }, series: { watch: unused }, onSchedule: unused,
    onEvents: (...given) => { listening = given; },
    emit: (firing) => { fired.push(firing); return Promise.resolve('done'); },
    status: (text) => { statuses.push(text); },
  };
  const params = readParameters(orderEventTrigger.params, values, { numbersAsText: false });
  const outcome = params.ok ? orderEventTrigger.start(params.value, context) : params;
  const [wish = { kinds: [] }, tell] = listening ?? [];
  return { outcome, started: { fired, statuses, wish, tell: (event) => tell?.(event, undefined) ?? Promise.resolve('nobody listens') } };
}

const start = (values: Readonly<Record<string, unknown>> = {}): Started => {
  const { outcome, started } = world(values);
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return started;
};

test('an event is one signal with what happened, and asks for nothing', async () => {
  const { tell, fired } = start({ signalName: 'after-fill' });
  expect(await tell(FILLED)).toBe('done');
  expect(fired).toEqual([{
    key: 'event paper order bw1 filled', happenedAt: NOW - 1_000, goodForMs: 60 * MINUTE_MS, chain: 1,
    item: {
      v: 1, signal: { id: 'order', source: 'order', at: NOW - 1_000, name: 'after-fill' }, exchange: 'NSE', symbol: 'SBIN',
      event: { kind: 'filled', message: FILLED.message, at: NOW - 1_000, severity: 'info', account: 'paper', strategyId: 'mine', signalId: 'a1', facts: FILLED.facts },
    },
  }]);
});

test('what is about the account as a whole has no symbol, and is grave', async () => {
  const { tell, fired } = start();
  await tell(KILLED);
  expect(fired[0]?.item).toMatchObject({ event: { kind: 'killSwitch', severity: 'critical' } });
  expect(fired[0]?.item).not.toHaveProperty('symbol');
});

test('an event that says how grave it is knows better than its kind', async () => {
  const { tell, fired } = start({ more: ['difference'] });
  for (const facts of [{}, { severity: 'info' }, { severity: 'loud' }]) await tell({ ...KILLED, kind: 'difference', facts });
  expect(fired.map(({ item }) => item.event?.severity)).toEqual(['critical', 'info', 'critical']);
});

test.each<[string, Readonly<Record<string, unknown>>, readonly AccountEvent[], readonly string[]]>([
  ['any strategy, any symbol', {}, [FILLED, { ...FILLED, strategyId: 'other' }, KILLED], ['filled', 'filled', 'killSwitch']],
  ['this strategy, and the account', { scope: 'strategy' }, [FILLED, { ...FILLED, strategyId: 'other' }, KILLED], ['filled', 'killSwitch']],
  ['one symbol, and the account', { symbols: 'TCS' }, [FILLED, { ...FILLED, instrument: instrumentKey('NSE', 'TCS') }, KILLED], ['filled', 'killSwitch']],
  ['a symbol of another exchange', { symbols: 'BSE:SBIN' }, [FILLED, KILLED], ['killSwitch']],
])('wanted: %s', (_name, values, events, kinds) => {
  const { wish } = start(values);
  expect(events.filter((event) => wish.wants?.(event)).map(({ kind }) => kind)).toEqual(kinds);
});

test('kinds and account are asked of the journal', () => {
  expect(start({ events: ['filled'], more: ['difference'], ofAccount: 'live' }).wish).toMatchObject({ kinds: ['filled', 'difference'], account: 'live' });
  expect(start().wish).not.toHaveProperty('account');
});

test('what is older than it may be starts nothing; without a limit it does', async () => {
  const old = { ...FILLED, happenedAt: NOW - 60 * MINUTE_MS - 1 };
  const strict = start();
  expect([await strict.tell(old), strict.fired.length]).toEqual(['expired', 0]);
  const patient = start({ goodForMinutes: 0 });
  await patient.tell(old);
  expect(patient.fired[0]).not.toHaveProperty('goodForMs');
});

test('a flow whose orders start it again is started a bounded number of times', async () => {
  const { tell, fired, statuses } = start({ maxChain: 2 });
  for (const signalId of ['a1', 'a1~1', 'a1~2', 'a1~3']) await tell({ ...FILLED, signalId });
  expect(fired.map(({ chain }) => chain)).toEqual([1, 2]);
  expect(statuses.at(-1)).toBe(`ended a chain of 2: ${FILLED.message}`);
});

test('the status says what it listens for and what it heard last', async () => {
  const { tell, statuses } = start({ events: ['filled'] });
  await tell({ ...FILLED, happenedAt: NOW });
  expect(statuses).toEqual(['listening for filled', 'filled 10:31: BUY 10 NSE:SBIN was filled at 812.35.']);
});

test.each<[string, Readonly<Record<string, unknown>>, object]>([
  ['no event', { events: [] }, { code: 'INVALID_PARAMETER', field: 'events' }],
  ['a symbol that nobody knows', { symbols: 'SBIN, NO SUCH' }, { field: 'symbols', message: expect.stringContaining('"NO SUCH"') as string }],
  ['too many symbols', { symbols: Array.from({ length: 1_001 }, (_, index) => `S${index}`).join() }, { code: 'TOO_MANY_SYMBOLS' }],
])('%s is refused', (_name, values, denial) => {
  expect(world(values).outcome).toMatchObject({ ok: false, denial });
});

test.each([['filled', { order: { status: 'FILLED', symbol: 'SBIN', averagePrice: 812.35 }, symbol: 'SBIN' }], ['rejected', { order: { status: 'REJECTED', filledQuantity: 0 } }], ['stopHit', { order: { status: 'FILLED' } }]])('a sample of %s has the fields of a real one, and says that it is none', (kind, expected) => {
  const params = orderEventTrigger.params.parse({ events: [kind] });
  const item = orderEventTrigger.sample?.(params, { identity: { strategyId: 'mine', nodeKey: 'events' }, now: () => NOW, calendar: createTradingCalendar(), resolve: () => { throw new Error('A sample looks nothing up.'); } });
  expect(item).toMatchObject({ ok: true, value: { ...expected, event: { kind, account: 'paper', message: expect.stringContaining('Sample') as string } } });
  expect(item?.ok === true && Envelope.safeParse(item.value).success).toBe(true);
  expect(item).not.toHaveProperty('value.action');
});

test('a sample of what is no order’s has none', () => {
  const params = orderEventTrigger.params.parse({ events: ['killSwitch'], ofAccount: 'mine' });
  const item = orderEventTrigger.sample?.(params, { identity: { strategyId: 'mine', nodeKey: 'events' }, now: () => NOW, calendar: createTradingCalendar(), resolve: () => { throw new Error('A sample looks nothing up.'); } });
  expect(item).toMatchObject({ ok: true, value: { event: { kind: 'killSwitch', account: 'mine' } } });
  expect(item).not.toHaveProperty('value.order');
});
