import { z } from 'zod';
import { deny, ok, type Outcome } from './denial';
import { RiskLimits } from './risk';
import { AccountSafety } from './safety';

/** The account that needs no configuration. */
export const DEFAULT_ACCOUNT_ID = 'paper';

/** Whom an account's orders go to. */
export const BROKERS = ['paper', 'openalgo', 'upstox'] as const;
export const BrokerName = z.enum(BROKERS);
export type BrokerName = z.infer<typeof BrokerName>;

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'Use small letters, digits, - and _, at most 40.').default(DEFAULT_ACCOUNT_ID),
  /** Capital in rupees: what a paper account starts with; percentages of risk limits refer to it. */
  capital: z.number().positive().max(1e11).default(1_000_000),
  limits: RiskLimits.prefault({}),
  safety: AccountSafety.prefault({}),
};
/** Nodes without an account use `paper`: whoever gave that name to a broker would make them trade there. */
const brokersId = (name: string) => common.id.unwrap().refine((id) => id !== DEFAULT_ACCOUNT_ID, 'The account "paper" is always a paper account: choose another name.').default(name);
/** A live broker's market is open when the exchange is. */
const liveHours = z.literal('exchange', { error: 'Always open is for paper accounts; a broker trades in exchange hours.' }).default('exchange');
const address = (scheme: RegExp, words: string) => z.string().max(500).regex(scheme, words).refine((text) => URL.canParse(text) && new URL(text).password === '' && new URL(text).username === '', 'Use an address without user name and password.');

/** A book in the journal's file that fills by itself, from the prices of the feed. */
export const PaperAccount = z.object({
  id: common.id,
  broker: z.literal('paper').default('paper'),
  capital: common.capital,
  /** 'always' keeps a paper market open around the clock, for demos and tests. */
  marketHours: z.enum(['exchange', 'always']).default('exchange'),
  limits: common.limits,
  safety: common.safety,
  /**
   * At which price an order that takes liquidity fills. none: the last price. spread: a buyer pays the ask, a seller gets the bid. ticks: the same, `slippageTicks` worse.
   * percent: the same, `slippagePercent` worse, rounded to the tick against the order. A limit order is never worse than its limit.
   */
  slippage: z.enum(['none', 'spread', 'ticks', 'percent']).default('spread'),
  slippageTicks: z.int().min(0).max(1_000).default(1),
  /** 0.05 is five basis points. */
  slippagePercent: z.number().min(0).max(10).default(0.05),
  /** The share of what is traded that one order may take, in percent; the rest of it waits for more. 0, or a source that counts no volume: the whole quantity at once. */
  participationPercent: z.number().min(0).max(100).default(10),
  /** Rupees, before GST, for each position that the broker squares off by itself. 50 is what large discount brokers in India bill. */
  squareOffFee: z.number().min(0).max(10_000).default(50),
});

/** A running OpenAlgo with one broker behind it. */
export const OpenAlgoAccount = z.object({
  id: brokersId('openalgo'),
  broker: z.literal('openalgo'),
  capital: common.capital,
  marketHours: liveHours,
  /** The gateway's web address: `http://127.0.0.1:5000`. */
  url: address(/^https?:\/\/[^\s/]+/i, 'Use an address that starts with http:// or https://.').default('http://127.0.0.1:5000'),
  /** Its WebSocket proxy, for news of orders: `ws://127.0.0.1:8765`, `wss://host/ws`. Absent: the order lists are read from time to time. */
  webSocketUrl: address(/^wss?:\/\/[^\s/]+/i, 'Use an address that starts with ws:// or wss://.').optional(),
  /** analyze: for the gateway's sandbox, and no order leaves while the gateway is in another mode. live: real orders. */
  mode: z.enum(['analyze', 'live']).default('analyze'),
  limits: common.limits,
  safety: common.safety,
});

/** An Upstox client, over API V3. */
export const UpstoxAccount = z.object({
  id: brokersId('upstox'),
  broker: z.literal('upstox'),
  capital: common.capital,
  marketHours: liveHours,
  /** sandbox: Upstox' own test host, which needs a token of its own. live: real orders. */
  mode: z.enum(['sandbox', 'live']).default('sandbox'),
  limits: common.limits,
  safety: common.safety,
});

export type PaperAccount = z.infer<typeof PaperAccount>;
export type OpenAlgoAccount = z.infer<typeof OpenAlgoAccount>;
export type UpstoxAccount = z.infer<typeof UpstoxAccount>;

/**
 * An account as a host's credential or config node declares it. Nothing in an item can choose or widen one. It is journalled, and so it holds no secret:
 * those are `AccountSecrets`. Without a broker it is a paper account.
 */
export const AccountConfig = z.preprocess(withBroker, z.discriminatedUnion('broker', [PaperAccount, OpenAlgoAccount, UpstoxAccount]));
export type AccountConfig = z.infer<typeof AccountConfig>;

function withBroker(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !('broker' in value && value.broker !== undefined) ? { ...value, broker: 'paper' } : value;
}

export const DEFAULT_ACCOUNT: PaperAccount = PaperAccount.parse({});

// ---------------------------------------------------------------- secrets

/** What opens the way to a broker, by the secret's name. In memory only: from a host's credential store or the vault, never journalled, logged or compared in text. */
export type AccountSecrets = Readonly<Record<string, string>>;

/** One secret as forms and the vault's prompts name it. */
export interface SecretField {
  readonly name: string;
  readonly label: string;
  /** Where a person gets it. */
  readonly help: string;
}

/** The secrets that a broker wants; all of them. */
export const SECRET_FIELDS: Readonly<Record<BrokerName, readonly SecretField[]>> = {
  paper: [],
  openalgo: [{ name: 'apiKey', label: 'API Key', help: 'Shown on OpenAlgo’s API key page. The broker’s session behind it ends every day: log in to the broker in OpenAlgo each morning.' }],
  upstox: [{ name: 'accessToken', label: 'Access Token', help: 'Of today’s login with Upstox. It ends every night, about 03:30 in India: paste a new one each morning.' }],
};

/** The secret of that name; a denial names the one that is missing, and never its value. */
export function secretOf(account: AccountConfig, secrets: AccountSecrets, name: string): Outcome<string> {
  const value = secrets[name]?.trim() ?? '';
  if (value !== '') return ok(value);
  const label = SECRET_FIELDS[account.broker].find((field) => field.name === name)?.label ?? name;
  return deny('MISSING_FIELD', `Account ${account.id} has no ${label}.`, { field: name, remedy: `Fill it in where the account is configured, or keep it in the vault: bellwether vault set ${account.id}.` });
}

/** True where both hold the same. Both are read to the end. */
export function sameSecrets(one: AccountSecrets | undefined, other: AccountSecrets | undefined): boolean {
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  return [...names].filter((name) => one?.[name] !== other?.[name]).length === 0;
}

/** True where an order of the account is a real one: it needs arming, and no test step of an editor may send it. A gateway's or a broker's sandbox is not live. */
export function isLive(account: AccountConfig): boolean {
  return account.broker !== 'paper' && account.mode === 'live';
}

/** Whose money it is about: orders and positions of one world mean nothing in another, so that an account with orders keeps its world. */
export function worldOf(account: AccountConfig): string {
  return account.broker === 'paper' ? 'paper' : `${account.broker} ${account.mode}`;
}

/** Whose requests a broker counts: all accounts of one client share its limits. */
export function clientOf(account: AccountConfig): string {
  return account.broker === 'openalgo' ? `openalgo:${new URL(account.url).host}` : `${account.broker}:${account.id}`;
}
