import { PaperAccount } from '../../runtime/domain/account';
import { DEMO_LIMITS, demoAccountWords, NEW_ACCOUNT, NODE_RED_LIMITS } from '../../scripts/start/demoAccount.mjs';
import { demoFlows } from '../../scripts/start/nodeRed/demoFlows.mjs';
import path from 'node:path';

test('what is said of a new account is what a new account has', () => {
  const { capital, limits: { maxPosition, maxDailyOrders, maxDailyLossPercent, cooldownMs } } = PaperAccount.parse({});
  expect(NEW_ACCOUNT).toEqual({ capital, maxPosition, maxDailyOrders, maxDailyLossPercent, cooldownSeconds: cooldownMs / 1_000 });
});

test('the demo says how much wider its account is, in one line', () => {
  expect(demoAccountWords(NODE_RED_LIMITS)).toBe("The demo's paper account is wider than a new one: ₹1,00,00,000 (new: ₹10,00,000), entries stop at a day's loss of ₹20,00,000 (₹20,000), 10,000 orders a day (100), no cool-down (5 min cool-down), 1,00,000 units a position (1,000), open day and night.");
  expect(demoAccountWords(DEMO_LIMITS)).toContain("a day's loss of ₹2,00,000 (₹20,000)");
});

test('the canvas says it too: at the account, and in a note beside the first flow', () => {
  const nodes = demoFlows(path.resolve(__dirname, '../..'));
  const account = nodes.find(({ type }) => type === 'bellwether-account');
  const note = nodes.find(({ id }) => id === 'bellwether-demo-limits');
  expect(account).toMatchObject({ capital: '10000000', maxDailyLossPercent: '20', cooldownSeconds: '0', info: expect.stringContaining('wider than a new one') as string });
  expect(note).toMatchObject({ type: 'comment', name: 'Wide limits, for a demo: open me', info: expect.stringContaining('₹1,00,00,000') as string });
  expect(nodes.find(({ id }) => id === note?.['z'])).toMatchObject({ type: 'tab', label: 'TradingView alert to order' });
});
