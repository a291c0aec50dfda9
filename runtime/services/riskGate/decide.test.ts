import fc from 'fast-check';
import { AccountConfig } from '../../domain/account';
import type { DenialCode } from '../../domain/denial';
import { instrumentKey, type Instrument, type Quote } from '../../domain/market';
import { toMoney, ZERO_MONEY } from '../../domain/money';
import type { IntentDraft, Size } from '../../domain/order';
import { flatPosition, type Position } from '../../domain/position';
import type { AdmissionState } from '../../domain/ports';
import { decideAdmission } from './decide';
import type { GateInput } from './facts';
import { RULES } from './rules';

const NOW = 1_795_000_000_000;
const SBIN = instrumentKey('NSE', 'SBIN');
const instrument: Instrument = { key: SBIN, exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };
const quote: Quote = { instrument: SBIN, bid: toMoney(799.95), ask: toMoney(800.05), last: toMoney(800), at: NOW };
const account = AccountConfig.parse({});

const draft: IntentDraft = {
  account: 'paper', strategyId: 'demo', nodeKey: 'order', signalId: 's1', instrument: SBIN, leg: 0, purpose: 'entry',
  size: { kind: 'fixed', action: 'BUY', quantity: 10 }, product: 'MIS', orderType: 'MARKET',
};

function input(changes: Partial<GateInput> = {}, size?: Size): GateInput {
  return { draft: size === undefined ? draft : { ...draft, size }, account, limits: account.limits, instrument, quote, marketOpen: true, now: NOW, mark: () => quote, ...changes };
}

function held(quantity: number, price = 800): Position {
  return { ...flatPosition(draft, NOW), quantity, openValue: toMoney(price * quantity) };
}

function state(changes: Partial<AdmissionState> = {}): AdmissionState {
  return {
    killSwitch: false, position: flatPosition(draft, NOW), pending: { buy: 0, sell: 0 }, accountPosition: 0, accountPending: { buy: 0, sell: 0 },
    unexplained: { inInstrument: 0, inAccount: 0 }, unknownOrders: 0, otherOpenInstruments: 0, openPositions: [], ordersToday: 0, realisedToday: ZERO_MONEY, locks: [], ...changes,
  };
}

const lock = { account: 'paper', name: 'symbol:NSE:SBIN', owner: 'other', until: NOW + 60_000, acquiredAt: NOW - 1 };
const buy = (quantity: number): Size => ({ kind: 'fixed', action: 'BUY', quantity });

const REFUSALS: readonly (readonly [string, DenialCode, GateInput, AdmissionState, unknown, unknown])[] = [
  ['kill switch', 'KILL_SWITCH', input(), state({ killSwitch: true }), 'off', 'on'],
  ['no unresolved order', 'UNRESOLVED_ORDER', input(), state({ unknownOrders: 2 }), 0, 2],
  ['market hours', 'MARKET_CLOSED', input({ marketOpen: false }), state(), 'open', 'closed'],
  ['price fresh', 'STALE_PRICE', input({ quote: { ...quote, at: NOW - 5_001 } }), state(), 5_000, 5_001],
  ['quantity', 'QUANTITY_INVALID', input({}, buy(0.5)), state(), 1, 0.5],
  ['lot size', 'LOT_SIZE', input({ instrument: { ...instrument, lotSize: 65 } }), state(), 65, 10],
  ['max order quantity', 'MAX_ORDER_QUANTITY', input({}, buy(1_801)), state(), 1_800, 1_801],
  ['max order quantity', 'MAX_ORDER_QUANTITY', input({ instrument: { ...instrument, freezeQuantity: 9 } }), state(), 9, 10],
  ['max order value', 'MAX_ORDER_VALUE', input({}, buy(126)), state(), 100_000, 100_800],
  ['price collar', 'PRICE_COLLAR', input({ draft: { ...draft, orderType: 'LIMIT', limitPrice: toMoney(832) } }), state(), 3, 4],
  ['max position', 'MAX_POSITION', input({}, buy(100)), state({ position: held(850), pending: { buy: 51, sell: 0 } }), 1_000, 1_001],
  ['max symbol exposure', 'MAX_SYMBOL_EXPOSURE', input({}, buy(100)), state({ accountPosition: 1_850, accountPending: { buy: 51, sell: 0 } }), 2_000, 2_001],
  ['max open positions', 'MAX_OPEN_POSITIONS', input(), state({ otherOpenInstruments: 20 }), 20, 21],
  ['max daily orders', 'MAX_DAILY_ORDERS', input(), state({ ordersToday: 100 }), 100, 101],
  ['max daily loss', 'MAX_DAILY_LOSS', input(), state({ realisedToday: toMoney(-20_000) }), 20_000, 20_000],
  ['max daily loss', 'MAX_DAILY_LOSS', input(), state({ realisedToday: toMoney(-15_000), openPositions: [held(100, 850)] }), 20_000, 20_000],
  ['max daily loss', 'MAX_DAILY_LOSS', input(), state({ lossLatchedAt: NOW - 1 }), 20_000, 'latched'],
  ['trade lock', 'TRADE_LOCK', input(), state({ locks: [lock] }), 'symbol:NSE:SBIN', 60_000],
];

test.each(REFUSALS)('%s refuses with %s and says rule, limit and value', (rule, code, given, seen, limit, value) => {
  const admission = decideAdmission(given, seen);
  expect(admission).toMatchObject({ kind: 'deny', denial: { code, rule, limit, value } });
});

test.each<[string, GateInput, AdmissionState]>([
  ['The order\'s value is 1,00,800; one order may be worth 1,00,000 (10 % of capital).', input({}, buy(126)), state()],
  ['One order may hold 1,800 at most, not 1,801.', input({}, buy(1_801)), state()],
  ["The day's loss is 20,000.", input(), state({ realisedToday: toMoney(-20_000) })],
  [`The newest price of ${instrument.key} is 4 min old; 5 s are allowed.`, input({ quote: { ...quote, at: NOW - 240_000 } }), state()],
])('numbers are written as people read them: %s', (message, given, seen) => {
  expect(decideAdmission(given, seen)).toMatchObject({ kind: 'deny', denial: { message } });
});

test('a missing price refuses by name', () => {
  const unpriced = input();
  Reflect.deleteProperty(unpriced, 'quote');
  expect(decideAdmission(unpriced, state())).toMatchObject({ kind: 'deny', denial: { code: 'NO_PRICE', rule: 'price present' } });
});

test('when every rule would refuse, the first in the order answers', () => {
  const everything = state({ killSwitch: true, ordersToday: 1e6, locks: [lock], lossLatchedAt: 1, otherOpenInstruments: 99 });
  expect(decideAdmission(input({ marketOpen: false }, buy(1e9)), everything)).toMatchObject({ denial: { code: 'KILL_SWITCH' } });
  expect(RULES.map((rule) => rule.name)).toEqual([
    'kill switch', 'account armed', 'state explained', 'runtime well', 'broker well', 'no unresolved order', 'square-off time', 'market hours', 'limits readable', 'price present', 'price fresh', 'quantity', 'lot size', 'max order quantity', 'max order value', 'price collar',
    'max position', 'max symbol exposure', 'max open positions', 'max daily orders', 'max daily loss', 'exits only', 're-entry', 'trade lock',
  ]);
});

test('an order that passes is admitted and starts its cool-down', () => {
  expect(decideAdmission(input(), state())).toEqual({
    kind: 'admit', action: 'BUY', quantity: 10,
    lock: { account: 'paper', name: 'strategy-symbol:demo:NSE:SBIN', owner: 's1', until: NOW + 300_000, reason: 'repeat cool-down' },
  });
});

test('a lock of the same signal does not stand in its own way', () => {
  expect(decideAdmission(input(), state({ locks: [{ ...lock, owner: 's1' }] })).kind).toBe('admit');
});

test('the loss latch is asked for once, when the loss is first seen', () => {
  expect(decideAdmission(input(), state({ realisedToday: toMoney(-20_000) }))).toMatchObject({ latchLoss: true });
  expect(decideAdmission(input(), state({ realisedToday: toMoney(-20_000), lossLatchedAt: 1 }))).toMatchObject({ latchLoss: false });
});

test('a flow\'s own tighter loss limit refuses its entries and does not stop the account', () => {
  const tighter = { limits: { ...account.limits, maxDailyLossPercent: 0.5 } };
  expect(decideAdmission(input(tighter), state({ realisedToday: toMoney(-19_999) }))).toMatchObject({ kind: 'deny', latchLoss: false, denial: { code: 'MAX_DAILY_LOSS', limit: 5_000, value: 19_999 } });
  expect(decideAdmission(input(tighter), state({ realisedToday: toMoney(-20_000) }))).toMatchObject({ kind: 'deny', latchLoss: true });
});

test('a percentage of the capital is a limit to the paisa: what reaches it exactly is not above it', () => {
  const given = input({ limits: { ...account.limits, maxOrderValuePercent: 2.01 }, quote: { ...quote, last: toMoney(20_100) } }, buy(1));
  expect(decideAdmission(given, state()).kind).toBe('admit');
});

test('an open position without a fresh price denies entries and latches nothing', () => {
  const stale = { ...quote, at: NOW - 60_000 };
  expect(decideAdmission(input({ mark: () => stale }), state({ openPositions: [held(10, 5_000)] }))).toMatchObject({ kind: 'deny', latchLoss: false, denial: { code: 'STALE_PRICE', rule: 'max daily loss' } });
});

test('a rule that throws denies', () => {
  const broken = input({ mark: () => { throw new Error('no feed'); } });
  expect(decideAdmission(broken, state({ openPositions: [held(10)] }))).toMatchObject({ kind: 'deny', denial: { code: 'RISK_UNREADABLE', rule: 'max daily loss' } });
});

describe('an order that only reduces the position', () => {
  const stopped = { killSwitch: true, unknownOrders: 1, ordersToday: 1e6, lossLatchedAt: 1, locks: [lock], otherOpenInstruments: 99 };

  test('passes the rules for entries and takes no lock', () => {
    expect(decideAdmission(input({}, { kind: 'fixed', action: 'SELL', quantity: 10 }), state({ ...stopped, position: held(10) }))).toEqual({ kind: 'admit', action: 'SELL', quantity: 10 });
  });

  test('still needs an open market', () => {
    expect(decideAdmission(input({ marketOpen: false }, { kind: 'exit' }), state({ position: held(10) }))).toMatchObject({ denial: { code: 'MARKET_CLOSED' } });
  });

  test('is an entry as soon as it would go through zero', () => {
    expect(decideAdmission(input({}, { kind: 'fixed', action: 'SELL', quantity: 11 }), state({ ...stopped, position: held(10) }))).toMatchObject({ denial: { code: 'KILL_SWITCH' } });
  });
});

describe('sizes are resolved against position and pending orders', () => {
  test.each<readonly [string, Size, number, { buy: number; sell: number }, unknown]>([
    ['a target above the position buys the difference', { kind: 'target', quantity: 30 }, 10, { buy: 5, sell: 0 }, { action: 'BUY', quantity: 15 }],
    ['a target below it sells through zero', { kind: 'target', quantity: -10 }, 10, { buy: 0, sell: 0 }, { action: 'SELL', quantity: 20 }],
    ['a target already on its way is satisfied', { kind: 'target', quantity: 10 }, 0, { buy: 10, sell: 0 }, { kind: 'satisfied' }],
    ['an exit closes what is held', { kind: 'exit' }, -10, { buy: 0, sell: 0 }, { action: 'BUY', quantity: 10 }],
    ['an exit leaves what is being closed already', { kind: 'exit', quantity: 8 }, 10, { buy: 0, sell: 4 }, { action: 'SELL', quantity: 6 }],
    ['an exit of nothing is satisfied', { kind: 'exit' }, 0, { buy: 0, sell: 0 }, { kind: 'satisfied' }],
  ])('%s', (_name, size, quantity, pending, expected) => {
    expect(decideAdmission(input({}, size), state({ position: held(quantity), pending }))).toMatchObject(expected as object);
  });
});

test('an exit never goes through zero, whatever is held and pending', () => {
  const quantities = fc.record({ position: fc.integer({ min: -500, max: 500 }), buy: fc.nat(500), sell: fc.nat(500), wish: fc.option(fc.integer({ min: 1, max: 900 })) });
  fc.assert(fc.property(quantities, ({ position, buy: pendingBuy, sell, wish }) => {
    const size: Size = wish === null ? { kind: 'exit' } : { kind: 'exit', quantity: wish };
    const admission = decideAdmission(input({ draft: { ...draft, purpose: 'exit', size } }), state({ position: held(position), pending: { buy: pendingBuy, sell } }));
    if (admission.kind !== 'admit') return;
    const closing = admission.action === 'SELL' ? sell : pendingBuy;
    expect(Math.sign(position)).toBe(admission.action === 'SELL' ? 1 : -1);
    expect(admission.quantity + closing).toBeLessThanOrEqual(Math.abs(position));
  }));
});

test('a target never opens on a side that its direction closes, whatever is held and pending', () => {
  const quantities = fc.record({ position: fc.integer({ min: -500, max: 500 }), buy: fc.nat(500), sell: fc.nat(500), wish: fc.integer({ min: -500, max: 500 }) });
  fc.assert(fc.property(quantities, fc.constantFrom('longOnly', 'shortOnly', 'exitsOnly'), ({ position, buy: pendingBuy, sell, wish }, direction) => {
    const admission = decideAdmission(input({}, { kind: 'target', quantity: wish, direction }), state({ position: held(position), pending: { buy: pendingBuy, sell } }));
    if (admission.kind !== 'admit' || (direction !== 'exitsOnly' && direction !== (admission.action === 'SELL' ? 'longOnly' : 'shortOnly'))) return;
    const [open, closing] = admission.action === 'SELL' ? [position, sell] : [-position, pendingBuy];
    expect(admission.quantity + closing).toBeLessThanOrEqual(open);
  }));
});

test('an exit of a fixed quantity beyond the position is refused', () => {
  expect(decideAdmission(input({ draft: { ...draft, purpose: 'exit', size: { kind: 'fixed', action: 'SELL', quantity: 11 } } }), state({ position: held(10) }))).toMatchObject({ denial: { code: 'WOULD_REVERSE', limit: 10, value: 11 } });
});
