import fc from 'fast-check';
import { FlowLimits, RiskLimits, tighten } from './risk';

const ACCOUNT = RiskLimits.parse({});
const NAMES = Object.keys(ACCOUNT) as (keyof RiskLimits)[];

test('an account without limits has the sensible ones', () => {
  expect(ACCOUNT).toEqual({
    maxOrderQuantity: 1_800, maxOrderValuePercent: 10, priceCollarPercent: 3, maxPosition: 1_000, maxSymbolExposure: 2_000, maxOpenPositions: 20,
    maxDailyOrders: 100, maxDailyLossPercent: 2, maxQuoteAgeMs: 5_000, cooldownMs: 300_000,
  });
});

test('a flow without limits leaves the account as it is', () => {
  expect(tighten(ACCOUNT, {})).toEqual(ACCOUNT);
});

test.each(NAMES.filter((name) => name !== 'cooldownMs'))('%s only ever becomes smaller', (name) => {
  expect(tighten(ACCOUNT, { [name]: ACCOUNT[name] - 1 })[name]).toBe(ACCOUNT[name] - 1);
  expect(tighten(ACCOUNT, { [name]: ACCOUNT[name] + 1 })).toEqual(ACCOUNT);
});

test('a cool-down only ever becomes longer', () => {
  expect(tighten(ACCOUNT, { cooldownMs: 600_000 }).cooldownMs).toBe(600_000);
  expect(tighten(ACCOUNT, { cooldownMs: 0 }).cooldownMs).toBe(300_000);
});

test('no flow widens any limit, and tightening twice changes nothing more', () => {
  const amount = fc.integer({ min: 1, max: 100 });
  const limits = Object.fromEntries(NAMES.map((name) => [name, amount]));
  fc.assert(fc.property(fc.record(limits), fc.record(limits, { requiredKeys: [] }), (accountValues, flowValues) => {
    const account = RiskLimits.parse(accountValues);
    const flow = FlowLimits.parse(flowValues);
    const tight = tighten(account, flow);
    for (const name of NAMES) {
      const wanted = flow[name] ?? account[name];
      expect(tight[name]).toBe(name === 'cooldownMs' ? Math.max(account[name], wanted) : Math.min(account[name], wanted));
    }
    expect(tighten(tight, flow)).toEqual(tight);
  }));
});

test('the account is not changed by the flow', () => {
  const account = { ...ACCOUNT };
  tighten(account, { maxPosition: 1 });
  expect(account).toEqual(ACCOUNT);
});

test.each([['maxPosition', 0], ['maxPosition', 1.5], ['maxDailyLossPercent', 101], ['maxDailyLossPercent', NaN], ['cooldownMs', -1], ['maxOrderQuantity', '10']])('%s = %s is no limit', (name, value) => {
  expect(RiskLimits.safeParse({ [name]: value }).success).toBe(false);
  expect(FlowLimits.safeParse({ [name]: value }).success).toBe(false);
});
