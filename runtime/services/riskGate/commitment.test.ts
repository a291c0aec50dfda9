import { AccountConfig } from '../../domain/account';
import { instrumentKey, type Instrument, type Quote } from '../../domain/market';
import { asMoney, toMoney, ZERO_MONEY, type Money } from '../../domain/money';
import type { IntentDraft, Size } from '../../domain/order';
import { unitMargin } from '../../domain/paper';
import { flatPosition } from '../../domain/position';
import type { Admission, AdmissionState } from '../../domain/ports';
import { cautiousMargin } from '../../adapters/brokers/ordering/margin';
import { decideAdmission } from './decide';
import type { GateInput } from './facts';

const NOW = 1_795_000_000_000;
const SHARE: Instrument = { key: instrumentKey('NSE', 'SBIN'), exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };
const FUTURE: Instrument = { key: instrumentKey('NFO', 'NIFTY29DEC26FUT'), exchange: 'NFO', symbol: 'NIFTY29DEC26FUT', segment: 'future', base: 'NIFTY', lotSize: 65, freezeQuantity: 1_800 };
const CALL: Instrument = { ...FUTURE, key: instrumentKey('NFO', 'NIFTY29DEC2630000CE'), symbol: 'NIFTY29DEC2630000CE', segment: 'option', strike: toMoney(30_000), optionType: 'CE' };
const PRICES = new Map([[SHARE, 800], [FUTURE, 26_800], [CALL, 2.05]]);

type Margin = NonNullable<GateInput['marginPerUnit']>;
const paper: Margin = (instrument, product, price) => unitMargin({ instrument, product, action: 'BUY', price });
const live: Margin = (instrument, _product, price) => cautiousMargin(instrument, price);

/** A capital of 10 lakh, of which one order may bind a tenth, in units that no other rule minds. */
const account = AccountConfig.parse({ limits: { maxPosition: 1e6, maxSymbolExposure: 1e6 } });

interface Given {
  readonly held?: number;
  readonly margin?: Margin;
  readonly limits?: Partial<GateInput['limits']>;
  readonly of?: Partial<AdmissionState>;
}

function judge(instrument: Instrument, size: Size, { held = 0, margin, limits = {}, of = {} }: Given = {}): Admission {
  const price = toMoney(PRICES.get(instrument) ?? 0);
  const draft: IntentDraft = { account: 'paper', strategyId: 'demo', nodeKey: 'order', signalId: 's1', instrument: instrument.key, leg: 0, purpose: 'entry', size, product: 'MIS', orderType: 'MARKET' };
  const quote: Quote = { instrument: instrument.key, bid: price, ask: price, last: price, at: NOW };
  const state: AdmissionState = {
    killSwitch: false, position: { ...flatPosition(draft, NOW), quantity: held, openValue: asMoney(price * held) }, pending: { buy: 0, sell: 0 }, accountPosition: held, accountPending: { buy: 0, sell: 0 },
    unexplained: { inInstrument: 0, inAccount: 0 }, unknownOrders: 0, otherOpenInstruments: 0, openPositions: [], ordersToday: 0, realisedToday: ZERO_MONEY, locks: [], ...of,
  };
  return decideAdmission({ draft, account, limits: { ...account.limits, ...limits }, instrument, quote, marketOpen: true, now: NOW, mark: () => quote, ...(margin === undefined ? {} : { marginPerUnit: margin }) }, state);
}

const fixed = (action: 'BUY' | 'SELL', quantity: number): Size => ({ kind: 'fixed', action, quantity });
const counted = (admission: Admission): unknown => (admission.kind === 'deny' ? [admission.denial.code, admission.denial.value] : admission.kind);

const LIMIT = (percent: number): Given => ({ limits: { maxOrderValuePercent: percent } });

test.each<[string, Instrument, Size, Given, unknown]>([
  ['shares count with their value, though MIS lends four fifths', SHARE, fixed('BUY', 126), { margin: paper }, ['MAX_ORDER_VALUE', 100_800]],
  ['so do shares sold short', SHARE, fixed('SELL', 126), { margin: paper }, ['MAX_ORDER_VALUE', 100_800]],
  ['a bought option with its premium', CALL, fixed('BUY', 1_755), { margin: paper, limits: { maxOrderValuePercent: 0.3 } }, ['MAX_ORDER_VALUE', 3_597.75]],
  ['a lot of a future with its margin at the paper broker', FUTURE, fixed('BUY', 65), { margin: paper }, ['MAX_ORDER_VALUE', 261_300]],
  ['a quarter of its value where the broker tells no margins', FUTURE, fixed('SELL', 65), { margin: live }, ['MAX_ORDER_VALUE', 435_500]],
  ['its notional where nobody knows a margin', FUTURE, fixed('BUY', 65), {}, ['MAX_ORDER_VALUE', 1_742_000]],
  ['27 naked calls with their margin, not with their premium of 3,598', CALL, fixed('SELL', 1_755), { margin: paper }, ['MAX_ORDER_VALUE', 7_897_500]],
  ['the same at a broker that tells no margins', CALL, fixed('SELL', 1_755), { margin: live }, ['MAX_ORDER_VALUE', 13_162_500]],
  ['strike × quantity where nobody knows a margin', CALL, fixed('SELL', 1_755), {}, ['MAX_ORDER_VALUE', 52_650_000]],
  ['a margin of nothing is not known', CALL, fixed('SELL', 65), { margin: () => ZERO_MONEY }, ['MAX_ORDER_VALUE', 1_950_000]],
  ['a lot of a future passes where its margin fits', FUTURE, fixed('BUY', 65), { margin: paper, ...LIMIT(27) }, 'admit'],
  ['two do not', FUTURE, fixed('BUY', 130), { margin: paper, ...LIMIT(27) }, ['MAX_ORDER_VALUE', 522_600]],
  ['what turns a position counts with what it opens', FUTURE, fixed('SELL', 130), { margin: paper, held: 65, ...LIMIT(27) }, 'admit'],
  ['and no unit of it less', FUTURE, fixed('SELL', 195), { margin: paper, held: 65, ...LIMIT(27) }, ['MAX_ORDER_VALUE', 522_600]],
  ['units that a resting order will close are not closed twice', CALL, fixed('SELL', 65), { margin: paper, held: 65, of: { pending: { buy: 0, sell: 65 } } }, ['MAX_ORDER_VALUE', 292_500]],
])('%s', (_what, instrument, size, given, expected) => {
  expect(counted(judge(instrument, size, given))).toEqual(expected);
});

test.each<[Instrument, Size, number]>([
  [FUTURE, fixed('SELL', 130), 130], [FUTURE, { kind: 'exit' }, -130], [CALL, fixed('SELL', 1_755), 1_755], [CALL, fixed('BUY', 1_755), -1_755], [CALL, { kind: 'target', quantity: 65 }, 1_755], [SHARE, { kind: 'exit' }, 900],
])('an order that only reduces a position is never stopped by its value: %p', (instrument, size, held) => {
  expect(judge(instrument, size, { held, margin: paper, ...LIMIT(0.001) }).kind).toBe('admit');
});

describe('the refusal says what was counted, the limit and the name of the setting', () => {
  const denial = (admission: Admission): unknown => (admission.kind === 'deny' ? [admission.denial.message, admission.denial.remedy] : admission.kind);

  test('a margin', () => {
    expect(denial(judge(FUTURE, fixed('BUY', 65), { margin: paper }))).toEqual([
      "The margin of the order's 65 units is 2,61,300; one order may bind 1,00,000 (10 % of capital).", 'Lower the quantity, or raise "Max Order Value" in the account.',
    ]);
  });

  test('a value, where a Risk Gate is tighter than the account', () => {
    expect(denial(judge(SHARE, fixed('BUY', 126), { margin: paper, ...LIMIT(5) }))).toEqual([
      "The order's value is 1,00,800; one order may be worth 50,000 (5 % of capital).", 'Lower the quantity, or raise "Max Order Value" in the Risk Gate.',
    ]);
  });
});

test('what a broker can not say refuses', () => {
  const broken: Margin = (): Money => { throw new Error('no tables'); };
  expect(judge(FUTURE, fixed('BUY', 65), { margin: broken })).toMatchObject({ kind: 'deny', denial: { code: 'RISK_UNREADABLE', rule: 'max order value' } });
});
