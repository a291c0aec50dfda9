import { z } from 'zod';
import { AccountConfig, OpenAlgoAccount, PaperAccount, SECRET_FIELDS, UpstoxAccount, type AccountSecrets, type BrokerName } from '../domain/account';
import { deny, ok, type Outcome } from '../domain/denial';
import { RiskLimits } from '../domain/risk';
import { AccountSafety } from '../domain/safety';
import { SECOND_MS } from '../domain/time';
import { field } from './field';

const limits = RiskLimits.shape;
const DEFAULTS = RiskLimits.parse({});
const safety = AccountSafety.shape;
const section = 'Limits';
const paper = PaperAccount.shape;
const fills = 'Fills';

/** How people call the brokers. */
export const BROKER_LABELS: Readonly<Record<BrokerName, string>> = { paper: 'Paper', openalgo: 'OpenAlgo', upstox: 'Upstox' };

/** The limits of every account and how it ends risk by itself, in a section of their own. Durations are in seconds. */
export const limitFields = {
  maxOrderQuantity: limits.maxOrderQuantity.clone().register(field, { label: 'Max Order Quantity', unit: 'units', help: 'Largest quantity of one order.', section }),
  maxOrderValuePercent: limits.maxOrderValuePercent.clone().register(field, { label: 'Max Order Value', unit: '% of capital', help: 'Largest value of one order. Futures and sold options count with their margin.', section }),
  priceCollarPercent: limits.priceCollarPercent.clone().register(field, { label: 'Price Collar', unit: '%', help: 'How far the price of an order may lie from the last price.', section }),
  maxPosition: limits.maxPosition.clone().register(field, { label: 'Max Position', unit: 'units', help: 'Largest position of one strategy in one symbol, open orders included.', section }),
  maxSymbolExposure: limits.maxSymbolExposure.clone().register(field, { label: 'Max Symbol Exposure', unit: 'units', help: 'Largest position of the whole account in one symbol, open orders included.', section }),
  maxOpenPositions: limits.maxOpenPositions.clone().register(field, { label: 'Max Open Positions', unit: 'symbols', help: 'Symbols with a position or an open entry at one time.', section }),
  maxDailyOrders: limits.maxDailyOrders.clone().register(field, { label: 'Max Daily Orders', unit: 'orders', help: 'Orders of one exchange day.', section }),
  maxDailyLossPercent: limits.maxDailyLossPercent.clone().register(field, { label: 'Max Daily Loss', unit: '% of capital', help: 'Loss of one exchange day, realised and unrealised, after which entries stop until re-armed.', section }),
  onDailyLoss: safety.onDailyLoss.clone().register(field, { label: 'At the Daily Loss', options: { block: 'Stop Entries', flatten: 'Stop Entries and Close Positions' }, help: 'What reaching the day’s loss does. Positions that were traded by hand are left alone.', section }),
  squareOffMinutes: safety.squareOffMinutes.clone().register(field, { label: 'Square-Off', unit: 'min before close', help: 'When intraday positions (MIS) of flows are closed, and entries in MIS end. Empty: at 15:05 for shares and their derivatives, 25 minutes before the close elsewhere. 0 leaves it to the broker.', section }),
  maxQuoteAgeSeconds: z.number().positive().max(3_600).default(DEFAULTS.maxQuoteAgeMs / SECOND_MS).register(field, { label: 'Max Quote Age', unit: 's', help: 'Oldest price an entry may be checked against.', section }),
  cooldownSeconds: z.number().nonnegative().max(604_800).default(DEFAULTS.cooldownMs / SECOND_MS).register(field, { label: 'Cool-Down', unit: 's', help: 'Shortest time between two entries of a strategy in one symbol. 0 switches it off.', section }),
};

export const capitalField = PaperAccount.shape.capital.clone().register(field, { label: 'Capital', unit: '₹', help: 'What a paper account starts with. Percentages of limits refer to it, for every broker.' });

const ACCOUNT_ID = { label: 'Account ID', help: 'Name of the account in the order journal. The same ID is the same account: its orders, positions, counters and locks.' };

/** What a paper account has besides. */
export const paperFields = {
  marketHours: PaperAccount.shape.marketHours.clone().register(field, { label: 'Market Hours', options: { exchange: 'Exchange Hours', always: 'Always Open (Demo)' }, help: 'Whether orders are taken in exchange hours only. Always open is for demos and tests on paper.' }),
  slippage: paper.slippage.clone().register(field, { label: 'Slippage', options: { none: 'None (Last Price)', spread: 'Spread (Bid and Ask)', ticks: 'Spread and Ticks', percent: 'Spread and Percent' }, help: 'What an order costs that takes the price of the market. Limit orders are never filled beyond their limit.', section: fills }),
  slippageTicks: paper.slippageTicks.clone().register(field, { label: 'Slippage Ticks', unit: 'ticks', help: 'How much worse than bid or ask, with slippage by ticks.', section: fills }),
  slippagePercent: paper.slippagePercent.clone().register(field, { label: 'Slippage Percent', unit: '%', help: 'How much worse than bid or ask, with slippage by percent. 0.05 is five basis points.', section: fills }),
  participationPercent: paper.participationPercent.clone().register(field, { label: 'Participation', unit: '% of volume', help: 'How much of what is traded one order may take; the rest of it waits. 0 fills the whole quantity at once, as does a source that counts no volume (the simulated market).', section: fills }),
  squareOffFee: paper.squareOffFee.clone().register(field, { label: 'Square-Off Fee', unit: '₹', help: 'Billed with GST for each position that the paper broker squares off by itself.', section: fills }),
};

/** What an OpenAlgo account has besides. */
export const openAlgoFields = {
  url: OpenAlgoAccount.shape.url.clone().register(field, { label: 'OpenAlgo URL', help: 'Address of the web page of your OpenAlgo.', placeholder: 'http://127.0.0.1:5000' }),
  apiKey: secret('openalgo', 'apiKey'),
  openAlgoMode: OpenAlgoAccount.shape.mode.clone().register(field, { label: 'Orders', options: { analyze: 'Analyzer (Sandbox)', live: 'Live' }, help: 'What OpenAlgo itself must be set to: in another mode no order leaves. Live orders also need “bellwether arm”.' }),
  webSocketUrl: OpenAlgoAccount.shape.webSocketUrl.clone().register(field, { label: 'OpenAlgo WebSocket URL', help: 'Brings news of orders at once. Empty: the order list is read from time to time.', placeholder: 'ws://127.0.0.1:8765' }),
};

/** What an Upstox account has besides. */
export const upstoxFields = {
  accessToken: secret('upstox', 'accessToken'),
  upstoxMode: UpstoxAccount.shape.mode.clone().register(field, { label: 'Orders', options: { sandbox: 'Sandbox', live: 'Live' }, help: 'The sandbox of Upstox needs a token of its own. Live orders also need “bellwether arm”.' }),
};

function secret(broker: BrokerName, name: string) {
  const known = SECRET_FIELDS[broker].find((candidate) => candidate.name === name);
  return z.string().max(8_192).optional().register(field, { label: known?.label ?? name, control: 'secret', ...(known === undefined ? {} : { help: known.help }) });
}

/** The field that names the account; every form has one of its own, for the default differs. */
export function idField(broker: BrokerName) {
  const id = { paper: PaperAccount.shape.id, openalgo: OpenAlgoAccount.shape.id, upstox: UpstoxAccount.shape.id }[broker];
  return id.clone().register(field, { ...ACCOUNT_ID, placeholder: broker });
}

/** An account as both hosts read it from their forms: what is journalled, and what never is. */
export interface DeclaredAccount {
  readonly config: AccountConfig;
  /** Undefined where the form has none of them: then the vault's are taken. */
  readonly secrets: AccountSecrets | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** The values of a form, parsed by its own schema, as an account of the broker. Fields of other brokers are left out. */
export function toAccount(broker: BrokerName, form: Values): Outcome<DeclaredAccount> {
  const { openAlgoMode, upstoxMode, maxQuoteAgeSeconds, cooldownSeconds, onDailyLoss, squareOffMinutes, ...rest } = form;
  const mode = { paper: undefined, openalgo: openAlgoMode, upstox: upstoxMode }[broker];
  const chosen = Object.fromEntries(Object.entries(rest).filter(([name]) => name in limits));
  const timed = { ...chosen, ...inMs('maxQuoteAgeMs', maxQuoteAgeSeconds), ...inMs('cooldownMs', cooldownSeconds) };
  const read = AccountConfig.safeParse({ ...rest, broker, mode, limits: timed, safety: { onDailyLoss, squareOffMinutes } });
  if (!read.success) {
    const [issue] = read.error.issues;
    const name = String(issue?.path.at(-1) ?? '');
    return deny('INVALID_PARAMETER', `Account: ${name}: ${issue?.message ?? 'not valid'}`, { field: name, remedy: 'Open the account and correct it.' });
  }
  const secrets = SECRET_FIELDS[broker].flatMap(({ name }) => (typeof rest[name] === 'string' ? [[name, rest[name]] as const] : []));
  return ok({ config: read.data, secrets: secrets.length === 0 ? undefined : Object.fromEntries(secrets) });
}

function inMs(name: string, seconds: unknown): Values {
  return typeof seconds === 'number' ? { [name]: Math.round(seconds * SECOND_MS) } : {};
}
