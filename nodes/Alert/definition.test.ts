import type { Envelope, OrderView } from '../../runtime/domain/envelope';
import type { AlertChannel } from '../../runtime/domain/ports';
import { NOW, only, tradingWorld, type TradingWorld } from '../../tests/doubles/tradingWorld';
import { alert } from './definition';
import { fillTemplate } from './message';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld();
});
afterEach(() => world.close());

const DISCORD: AlertChannel = { kind: 'discord', url: 'https://discord.test/hook' };
const SLACK: AlertChannel = { kind: 'slack', url: 'https://slack.test/hook' };
const raise = async (values: object, item: Envelope, channels: readonly AlertChannel[] = [DISCORD], signalId = 's1') => only(await world.run(alert, { ...values }, item, { nodeKey: 'alert', signalId }, channels));
const recorded = () => world.runtime.store.alerts();

const ORDER: OrderView = {
  id: 'bw1', intentKey: 'k', status: 'FILLED', exchange: 'NSE', symbol: 'SBIN', action: 'BUY', quantity: 10, filledQuantity: 10, averagePrice: 800.05, product: 'MIS', orderType: 'MARKET', at: NOW,
};
const EVENT = { kind: 'killSwitch', message: 'The kill switch of account paper is on.', at: NOW, severity: 'critical', account: 'paper', facts: {} } as const;
const DENIAL = { code: 'MAX_POSITION', message: 'Too much.', rule: 'max position', limit: 1, value: 2 } as const;

describe('the text', () => {
  const item: Envelope = { symbol: 'SBIN', quantity: 10, order: ORDER, zero: 0, no: false, at: 1_795_000_000_000, metrics: { drawdown: 0.028989637202078037, net: 1738542.5 }, empty: null, list: [1, 2], 'odd-name': 'x' };

  test.each<[string, string]>([
    ['{symbol} {quantity}', 'SBIN 10'],
    ['at {order.averagePrice}', 'at 800.05'],
    ['{order.symbol.length}{symbol.length}', ''],
    ['<{nothing}{order.nothing.deeper}{empty}>', '<>'],
    ['{zero} {no}', '0 false'],
    ['drawdown {metrics.drawdown} % of {metrics.net}', 'drawdown 0.029 % of 17,38,542.5'],
    ['{metrics}', '{"drawdown":0.029,"net":1738542.5}'],
    ['{at}', '1795000000000'],
    ['{list} {list.0}', '[1,2] 1'],
    ['{__proto__}{constructor}{order.__proto__.x}{toString}{order.constructor.name}', ''],
    ['{ symbol } {symbol {odd-name} {1}', '{ symbol } {symbol {odd-name} {1}'],
    ['  {symbol}  ', 'SBIN'],
  ])('%s', (template, text) => {
    expect(fillTemplate(template, item)).toBe(text);
  });

  test('a long value is cut, and so is an object', () => {
    expect(fillTemplate('{long}', { long: 'x'.repeat(5_000) })).toBe(`${'x'.repeat(300)}…`);
    expect(fillTemplate('{order}', { order: { ...ORDER, reason: 'y'.repeat(5_000) } })).toHaveLength(301);
  });

  test('what a value brings in is not filled in again', () => {
    expect(fillTemplate('{message}', { message: '{symbol}', symbol: 'SBIN' })).toBe('{symbol}');
  });

  test('what is no data is shown as nothing and stops nothing', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(fillTemplate('[{circle}{big}{run}]', { circle, big: 10n, run: () => 1 })).toBe('[]');
  });

  test.each<[string, Envelope, string]>([
    ['a fill', { order: ORDER }, 'BUY 10 SBIN at 800.05: FILLED'],
    ['an order that knows its line', { order: { ...ORDER, status: 'OPEN', text: 'BUY 10 SBIN waits at 500 (OPEN)' } }, 'BUY 10 SBIN waits at 500 (OPEN)'],
    ['a refusal', { symbol: 'SBIN', action: 'BUY', quantity: 10, denial: DENIAL }, 'Refused BUY 10 SBIN: Too much.'],
    ['a refusal of nothing in particular', { denial: DENIAL }, 'Refused: Too much.'],
    ['an event of the account', { symbol: 'SBIN', event: EVENT }, 'The kill switch of account paper is on.'],
    ['a signal', { symbol: 'SBIN', action: 'BUY' }, 'Signal: BUY SBIN'],
    ['a message of the sender', { symbol: 'SBIN', message: 'EMA crossed' }, 'EMA crossed'],
    ['an empty message', { symbol: 'SBIN', message: '' }, 'Signal: SBIN'],
    ['nothing but its source', { signal: { id: 's1', source: 'chartInk', at: NOW } }, 'Signal from chartInk'],
    ['nothing at all', {}, 'Signal from a flow'],
  ])('without a template sums up %s', async (_name, given, text) => {
    await raise({}, given);
    expect(await recorded()).toMatchObject([{ message: text }]);
  });

  test('a template that comes to nothing gives the summary', async () => {
    await raise({ message: '{nothing}' }, { order: ORDER });
    expect(await recorded()).toMatchObject([{ message: 'BUY 10 SBIN at 800.05: FILLED' }]);
  });
});

describe('the severity', () => {
  test.each<[string, Envelope, string]>([
    ['a signal', { symbol: 'SBIN' }, 'info'],
    ['a fill', { order: ORDER }, 'info'],
    ['a refusal', { denial: DENIAL }, 'warning'],
    ['a rejected order', { order: { ...ORDER, status: 'REJECTED' } }, 'warning'],
    ['an order of which nobody knows', { order: { ...ORDER, status: 'UNKNOWN' } }, 'warning'],
    ['a grave event', { event: EVENT }, 'critical'],
    ['an event that somebody refused to act on', { event: { ...EVENT, severity: 'info' }, denial: DENIAL }, 'warning'],
    ['an order that expired', { order: { ...ORDER, status: 'EXPIRED' } }, 'warning'],
  ])('of %s follows its outcome', async (_name, item, severity) => {
    await raise({}, item);
    expect(await recorded()).toMatchObject([{ severity }]);
  });

  test('that is set in the node stands', async () => {
    await raise({ severity: 'critical' }, { symbol: 'SBIN' });
    await raise({ severity: 'info', message: 'other' }, { denial: DENIAL });
    expect((await recorded()).map(({ severity }) => severity)).toEqual(['info', 'critical']);
  });
});

describe('sending', () => {
  test('the item passes at once with what became of the alert; every channel gets it', async () => {
    const { item } = await raise({ message: 'Filled {symbol}' }, { symbol: 'SBIN', note: 'mine' }, [DISCORD, SLACK]);
    expect(item).toMatchObject({ symbol: 'SBIN', note: 'mine', alert: { status: 'PENDING', duplicate: false } });
    await world.close();
    expect(world.notifier.sent).toEqual([{ channel: DISCORD, message: 'Filled SBIN', severity: 'info' }, { channel: SLACK, message: 'Filled SBIN', severity: 'info' }]);
    world = await tradingWorld();
  });

  test('any item may be alerted about, whatever it holds', async () => {
    const item: Record<string, unknown> = { action: 'rebalance', target: '3500', symbol: 7, denial: 'no', order: [], message: { a: 1 } };
    expect((await raise({ message: 'Do {action}' }, item)).item).toMatchObject(item);
    await raise({}, item);
    expect((await recorded()).map(({ message }) => message)).toEqual(['Signal from a flow', 'Do rebalance']);
  });

  test('a channel that hangs holds up no flow', async () => {
    const hanging = Promise.withResolvers<{ ok: true }>();
    world.notifier.answers.push(hanging.promise);
    expect((await raise({}, { symbol: 'SBIN' })).item).toMatchObject({ alert: { status: 'PENDING' } });
    expect((await raise({}, { symbol: 'TCS' })).item).toMatchObject({ alert: { status: 'PENDING' } });
    hanging.resolve({ ok: true });
  });

  test('the same alert of the same signal is recorded and sent once; another signal\'s is its own', async () => {
    await Promise.all([raise({}, { symbol: 'SBIN' }), raise({}, { symbol: 'SBIN' })]);
    expect((await raise({}, { symbol: 'SBIN' })).item).toMatchObject({ alert: { duplicate: true } });
    await raise({}, { symbol: 'SBIN' }, [DISCORD], 's2');
    expect(await recorded()).toHaveLength(2);
    expect(world.notifier.sent).toHaveLength(2);
  });

  test('without a channel it is recorded all the same', async () => {
    await raise({}, { symbol: 'SBIN' }, []);
    expect(await recorded()).toMatchObject([{ message: 'Signal: SBIN', channels: [] }]);
  });
});
