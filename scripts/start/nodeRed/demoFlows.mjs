import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { demoAccountWords, NODE_RED_LIMITS } from '../demoAccount.mjs';
import { withReportPage } from './demoReport.mjs';

export const ACCOUNT_NODE = 'bellwether-demo-account';

const LIMITS_NOTE = `${demoAccountWords(NODE_RED_LIMITS)}\n\nThe guide tells the defaults of a new account: [risk limits](https://github.com/bellwether-trading/bellwether/blob/main/docs/guide/risk-limits.md), [the paper account](https://github.com/bellwether-trading/bellwether/blob/main/docs/guide/paper-account.md). To try those, open a Bellwether node, choose **Add new account** and give it an Account ID of its own.`;

/**
 * A market that never closes, no cool-down, and room for many orders: the demo alert may be pasted all day.
 * The account has the default's id, so nodes that name no account use it as well.
 */
const DEMO_ACCOUNT = {
  id: ACCOUNT_NODE, type: 'bellwether-account', name: 'Demo paper account (wide limits)', accountId: 'paper', marketHours: 'always',
  maxOrderQuantity: '', maxOrderValuePercent: '', priceCollarPercent: '', maxQuoteAgeSeconds: '', info: LIMITS_NOTE,
  ...Object.fromEntries(Object.entries(NODE_RED_LIMITS).map(([name, value]) => [name, String(value)])),
};

/** Triggers that nobody has to call: a flow with one trades by itself, so it waits for its tab to be enabled. An Order Event Trigger only follows what others did. */
const BY_ITSELF = new Set(['bellwether-market-trigger', 'bellwether-cron-market-hours']);

/** The tabs that trade by themselves. */
export const restingTabs = (nodes) => new Set(nodes.filter(({ type }) => BY_ITSELF.has(type)).map(({ z }) => z));

/** The prebuilt flows with their own addresses, on the demo account. Those that act by themselves are on the canvas, and disabled. */
export function demoFlows(root) {
  const folder = path.join(root, 'flows/node-red');
  const nodes = readdirSync(folder).filter((file) => file.endsWith('.json')).sort(demoFirst).flatMap((file) => withReportPage(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))));
  const resting = restingTabs(nodes);
  const first = nodes.find(({ type }) => type === 'tab');
  return [DEMO_ACCOUNT, { id: 'bellwether-demo-limits', type: 'comment', z: first.id, name: 'Wide limits, for a demo: open me', info: LIMITS_NOTE, x: 420, y: 60, wires: [] }, ...nodes.map((node) => ({
    ...node,
    ...(resting.has(node.id) ? { disabled: true } : {}),
    ...('account' in node ? { account: ACCOUNT_NODE } : {}),
    ...('token' in node ? { token: randomBytes(24).toString('hex') } : {}),
  }))];
}

/** The trigger that the printed command calls; undefined when the user has removed it. */
export function findDemoTrigger(flows) {
  const triggers = flows.filter((node) => node.type === 'bellwether-tradingview-trigger' && node.token && node.d !== true);
  return triggers.find((node) => node.nodeKey === 'tv-trigger') ?? triggers[0];
}

/** The flow of the printed command is the tab that opens. */
function demoFirst(a, b) {
  const rank = (file) => (file.startsWith('TradingView') ? 0 : 1);
  return rank(a) - rank(b) || a.localeCompare(b);
}
