import { AccountConfig, clientOf } from '../../domain/account';
import type { ArmingChange } from '../../domain/arming';
import type { DenialCode } from '../../domain/denial';
import { instrumentKey, type Instrument, type Quote } from '../../domain/market';
import { toMoney, ZERO_MONEY } from '../../domain/money';
import type { IntentDraft, Size } from '../../domain/order';
import { flatPosition } from '../../domain/position';
import type { Admission, AdmissionState } from '../../domain/ports';
import { decideAdmission } from './decide';
import type { GateInput } from './facts';

const NOW = 1_795_000_000_000;
const SBIN = instrumentKey('NSE', 'SBIN');
const instrument: Instrument = { key: SBIN, exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 };
const quote: Quote = { instrument: SBIN, bid: toMoney(799.95), ask: toMoney(800.05), last: toMoney(800), at: NOW };
const paper = AccountConfig.parse({});
const live = AccountConfig.parse({ id: 'live', broker: 'openalgo', mode: 'live' });
const sandbox = AccountConfig.parse({ id: 'live', broker: 'openalgo', mode: 'analyze' });
const draft: IntentDraft = {
  account: 'live', strategyId: 'demo', nodeKey: 'order', signalId: 's1', instrument: SBIN, leg: 0, purpose: 'entry',
  size: { kind: 'fixed', action: 'BUY', quantity: 10 }, product: 'MIS', orderType: 'MARKET',
};
const BUY: Size = { kind: 'fixed', action: 'BUY', quantity: 10 };
const REDUCE: Size = { kind: 'exit' };
const HOLDING = { ...flatPosition(draft, NOW), quantity: 20, openValue: toMoney(16_000) };

const armed: ArmingChange = { kind: 'armed', account: 'live', client: clientOf(live), by: 'asha', protection: { heldBy: 'broker' }, happenedAt: 1, recordedAt: 1 };
const disarmed: ArmingChange = { kind: 'disarmed', account: 'live', client: clientOf(live), by: 'asha', reason: 'lunch', happenedAt: 2, recordedAt: 2 };
const armedElsewhere: ArmingChange = { ...armed, client: 'upstox:live' };

interface Case extends Partial<GateInput> { readonly size?: Size; readonly state?: Partial<AdmissionState> }

/** Judges an order of an account that holds 20 shares. */
function judge({ size = BUY, state, ...changes }: Case): Admission {
  const account = changes.account ?? live;
  const input: GateInput = { draft: { ...draft, size }, account, limits: account.limits, instrument, quote, marketOpen: true, now: NOW, mark: () => quote, ...changes };
  return decideAdmission(input, {
    killSwitch: false, unexplained: { inInstrument: 0, inAccount: 0 }, position: HOLDING, pending: { buy: 0, sell: 0 }, accountPosition: 20, accountPending: { buy: 0, sell: 0 },
    unknownOrders: 0, otherOpenInstruments: 0, openPositions: [], ordersToday: 0, realisedToday: ZERO_MONEY, locks: [], ...state,
  });
}

function codeOf(admission: Admission): DenialCode | 'admitted' {
  if (admission.kind === 'deny') return admission.denial.code;
  return 'admitted';
}

describe('arming', () => {
  test.each<readonly [string, AccountConfig, ArmingChange | undefined, DenialCode | 'admitted', DenialCode | 'admitted']>([
    ['a paper account needs none', paper, undefined, 'admitted', 'admitted'],
    ['a gateway\'s sandbox needs none', sandbox, undefined, 'admitted', 'admitted'],
    ['a live account that was never armed sends nothing', live, undefined, 'NOT_ARMED', 'NOT_ARMED'],
    ['an armed one enters and exits', live, armed, 'admitted', 'admitted'],
    ['a disarmed one exits only', live, disarmed, 'NOT_ARMED', 'admitted'],
    ['one armed for another client sends nothing here', live, armedElsewhere, 'NOT_ARMED', 'NOT_ARMED'],
  ])('%s', (_name, account, arming, entry, exit) => {
    const state = arming === undefined ? {} : { arming };
    expect(codeOf(judge({ account, state }))).toBe(entry);
    expect(codeOf(judge({ account, state, size: REDUCE }))).toBe(exit);
  });

  test('what would go through zero is no exit', () => {
    expect(codeOf(judge({ state: { arming: disarmed }, size: { kind: 'fixed', action: 'SELL', quantity: 21 } }))).toBe('NOT_ARMED');
    expect(codeOf(judge({ state: { arming: disarmed }, size: { kind: 'fixed', action: 'SELL', quantity: 20 } }))).toBe('admitted');
  });

  test.each([
    [undefined, 'armed', 'never armed'],
    [disarmed, 'armed', 'disarmed'],
    [armedElsewhere, 'upstox:live', clientOf(live)],
  ] as const)('the refusal says how the account stands', (arming, limit, value) => {
    expect(judge({ state: arming === undefined ? {} : { arming } })).toMatchObject({ denial: { code: 'NOT_ARMED', rule: 'account armed', limit, value } });
  });
});

const pause = { since: NOW - 1_000, until: NOW + 29_500, reason: 'The process stood still for 6 s.' };
const arming = armed;
const EVERY_ENTRY: readonly (readonly [string, DenialCode, Case, unknown, unknown])[] = [
  ['state explained', 'UNEXPLAINED_STATE', { state: { arming, unexplained: { inInstrument: 1, inAccount: 3 } } }, 0, 3],
  ['state explained', 'UNEXPLAINED_STATE', { state: { arming, unexplained: { inInstrument: 0, inAccount: 1 } } }, 0, 1],
  ['runtime well', 'RUNTIME_STALLED', { state: { arming }, stall: pause }, 'well', 'at least 30 s more'],
  ['broker well', 'BROKER_PAUSED', { state: { arming }, brokerPause: pause }, 'well', 'at least 30 s more'],
  ['square-off time', 'SQUARE_OFF_TIME', { state: { arming }, squareOffAt: NOW }, NOW, NOW],
  ['exits only', 'EXITS_ONLY', { state: { arming }, exitsOnly: true }, 'reduces', 'opens'],
];

describe.each(EVERY_ENTRY)('%s', (rule, code, given, limit, value) => {
  test(`refuses an entry with ${code} and says rule, limit and value`, () => {
    expect(judge(given)).toMatchObject({ kind: 'deny', denial: { code, rule, limit, value } });
  });

  test('lets what only reduces pass', () => {
    expect(judge({ ...given, size: REDUCE })).toEqual({ kind: 'admit', action: 'SELL', quantity: 20 });
  });
});

test('differences of a paper account hold nothing up', () => {
  expect(codeOf(judge({ account: paper, state: { unexplained: { inInstrument: 1, inAccount: 1 } } }))).toBe('admitted');
});

describe('re-entry', () => {
  const terms = { group: 'dip', maximum: 1, cooldownMs: 60_000, atCost: false };
  test.each([
    ['the first entry', { entries: 0 }, undefined],
    ['the one allowed', { entries: 1, lastAt: NOW - 60_000 }, undefined],
    ['one too many', { entries: 2, lastAt: 0 }, { limit: 1, value: 2 }],
    ['one too early', { entries: 1, lastAt: NOW - 59_000 }, { limit: 60_000, value: 59_000 }],
  ] as const)('%s', (_name, reEntries, refused) => {
    const answer = judge({ account: paper, reEntry: terms, state: { reEntries } });
    if (refused === undefined) expect(codeOf(answer)).toBe('admitted');
    else expect(answer).toMatchObject({ denial: { code: 'RE_ENTRY_LIMIT', rule: 're-entry', ...refused, remedy: expect.stringContaining('Place Order') as string } });
    expect(codeOf(judge({ account: paper, reEntry: terms, state: { reEntries }, size: REDUCE }))).toBe('admitted');
  });

  test('entries that were not read are refused, not forgotten', () => {
    expect(codeOf(judge({ account: paper, reEntry: terms }))).toBe('RISK_UNREADABLE');
  });
});

test('until the square-off entries pass', () => {
  expect(codeOf(judge({ state: { arming }, squareOffAt: NOW + 1 }))).toBe('admitted');
});

test('of several refusals the first in the order answers', () => {
  const all: Case = { stall: pause, brokerPause: pause, squareOffAt: NOW, exitsOnly: true, marketOpen: false };
  const seen = { arming, unknownOrders: 1, unexplained: { inInstrument: 1, inAccount: 1 } };
  expect(codeOf(judge({ ...all, state: { ...seen, killSwitch: true } }))).toBe('KILL_SWITCH');
  expect(codeOf(judge({ ...all, state: { ...seen, arming: disarmed } }))).toBe('NOT_ARMED');
  expect(codeOf(judge({ ...all, state: seen }))).toBe('UNEXPLAINED_STATE');
  expect(codeOf(judge({ ...all, state: { arming } }))).toBe('RUNTIME_STALLED');
});
