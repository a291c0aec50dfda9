/** What the demo's paper account is like, and how that is said: a person shall not take its limits for those of an account of his own. Types: demoAccount.d.mts. */

/** In both editors: the demo alert may be pasted all day. A day's loss that stops entries is a new account's 2 % unless an editor's demo sets another one. */
export const DEMO_LIMITS = { capital: 10_000_000, maxPosition: 100_000, maxSymbolExposure: 100_000, maxDailyOrders: 10_000, cooldownSeconds: 0 };
/** More, for the many flows on Node-RED's canvas. */
export const NODE_RED_LIMITS = { ...DEMO_LIMITS, maxOpenPositions: 50, maxDailyLossPercent: 20 };

/** What a new account has: held to the runtime's own defaults by a test. */
export const NEW_ACCOUNT = { capital: 1_000_000, maxPosition: 1_000, maxDailyOrders: 100, maxDailyLossPercent: 2, cooldownSeconds: 300 };

/** One line: what the account has, in brackets what a new one has. */
export function demoAccountWords({ capital, maxPosition, maxDailyOrders, cooldownSeconds, maxDailyLossPercent = NEW_ACCOUNT.maxDailyLossPercent }) {
  const loss = (of) => grouped((of.capital * of.maxDailyLossPercent) / 100);
  const wait = (seconds) => (seconds === 0 ? 'no cool-down' : `${seconds / 60} min cool-down`);
  return `The demo's paper account is wider than a new one: ₹${grouped(capital)} (new: ₹${grouped(NEW_ACCOUNT.capital)}), entries stop at a day's loss of ₹${loss({ capital, maxDailyLossPercent })} (₹${loss(NEW_ACCOUNT)}), `
    + `${grouped(maxDailyOrders)} orders a day (${grouped(NEW_ACCOUNT.maxDailyOrders)}), ${wait(cooldownSeconds)} (${wait(NEW_ACCOUNT.cooldownSeconds)}), ${grouped(maxPosition)} units a position (${grouped(NEW_ACCOUNT.maxPosition)}), open day and night.`;
}

function grouped(value) {
  return value.toLocaleString('en-IN');
}
