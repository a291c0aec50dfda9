import { AccountConfig } from '../../../runtime/domain/account';
import { instrumentKey, type Instrument, type Quote } from '../../../runtime/domain/market';
import { toMoney, ZERO_MONEY } from '../../../runtime/domain/money';
import type { IntentDraft } from '../../../runtime/domain/order';
import { flatPosition } from '../../../runtime/domain/position';
import type { AdmissionState } from '../../../runtime/domain/ports';
import { RiskLimits } from '../../../runtime/domain/risk';
import { decideAdmission } from '../../../runtime/services/riskGate/decide';
import type { GateInput } from '../../../runtime/services/riskGate/facts';
import { RULES } from '../../../runtime/services/riskGate/rules';

const NOW = 1_795_000_000_000;
const SBIN = instrumentKey('NSE', 'SBIN');
const instrument: Instrument = { key: SBIN, exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };
const quote: Quote = { instrument: SBIN, bid: toMoney(799.95), ask: toMoney(800.05), last: toMoney(800), at: NOW };
const account = AccountConfig.parse({});
const draft: IntentDraft = {
  account: 'paper', strategyId: 'demo', nodeKey: 'order', signalId: 's1', instrument: SBIN, leg: 0, purpose: 'entry',
  size: { kind: 'fixed', action: 'BUY', quantity: 10 }, product: 'MIS', orderType: 'MARKET',
};
const held = { ...flatPosition(draft, NOW), quantity: 10, openValue: toMoney(8_000) };
const input = (changes: Partial<GateInput> = {}): GateInput => ({ draft, account, limits: account.limits, instrument, quote, marketOpen: true, now: NOW, mark: () => quote, ...changes });
const state = (changes: Partial<AdmissionState> = {}): AdmissionState => ({
  killSwitch: false, unexplained: { inInstrument: 0, inAccount: 0 }, position: flatPosition(draft, NOW), pending: { buy: 0, sell: 0 }, accountPosition: 0, accountPending: { buy: 0, sell: 0 },
  unknownOrders: 0, otherOpenInstruments: 0, openPositions: [], ordersToday: 0, realisedToday: ZERO_MONEY, locks: [], ...changes,
});

describe('fault 58: the risk gate throws, or its configuration is invalid: deny', () => {
  afterEach(() => { jest.restoreAllMocks(); });

  test('the order passes as long as nothing is broken', () => {
    expect(decideAdmission(input(), state())).toMatchObject({ kind: 'admit' });
  });

  test.each(RULES.map((rule) => [rule.name, rule] as const))('"%s" throws', (name, rule) => {
    jest.spyOn(rule, 'check').mockImplementation(() => { throw new Error('broken'); });
    expect(decideAdmission(input(), state())).toMatchObject({ kind: 'deny', denial: { code: 'RISK_UNREADABLE', rule: name } });
  });

  test('the state can not be read', () => {
    const torn = state();
    Reflect.deleteProperty(torn, 'position');
    expect(decideAdmission(input(), torn)).toMatchObject({ kind: 'deny', quantity: 0, denial: { code: 'RISK_UNREADABLE' } });
  });

  test.each(RiskLimits.keyof().options.flatMap((name) => [[name, NaN], [name, 'a lot'], [name, -1], [name, undefined], [name, 'absent']] as const))('the limit %s is %p', (name, value) => {
    const limits = { ...account.limits };
    if (value === 'absent') Reflect.deleteProperty(limits, name);
    else Object.assign(limits, { [name]: value });
    expect(decideAdmission(input({ limits }), state())).toMatchObject({ kind: 'deny', denial: { code: 'RISK_UNREADABLE', rule: 'limits readable' } });
  });

  test.each([NaN, 0, -1, Infinity])('the capital that limits are percentages of is %p', (capital) => {
    expect(decideAdmission(input({ account: { ...account, capital } }), state())).toMatchObject({ kind: 'deny', denial: { code: 'RISK_UNREADABLE', field: 'capital' } });
  });

  test('limits that can not be read do not lock anybody in: what only reduces passes', () => {
    const limits = { ...account.limits, maxOrderQuantity: NaN };
    expect(decideAdmission(input({ limits, draft: { ...draft, purpose: 'exit', size: { kind: 'exit' } } }), state({ position: held, accountPosition: 10 }))).toEqual({ kind: 'admit', action: 'SELL', quantity: 10 });
  });
});
