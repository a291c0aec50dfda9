import { z } from 'zod';
import { AccountConfig, PaperAccount } from '../../domain/account';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { AlertChannel } from '../../domain/ports';
import { RiskLimits } from '../../domain/risk';
import { SECOND_MS } from '../../domain/time';
import { field } from '../field';

const account = PaperAccount.shape;
const limits = RiskLimits.shape;
const DEFAULTS = RiskLimits.parse({});

/** An account as n8n's credential form holds it: limits flat, in a section of their own. Durations are in seconds. */
export const AccountForm = z.object({
  id: account.id.clone().register(field, { label: 'Account ID', help: 'Name of the account in the order journal. Credentials with the same ID are the same account.', placeholder: 'paper' }),
  capital: account.capital.clone().register(field, { label: 'Capital', unit: '₹', help: 'Starting capital of the paper account. Percentages of limits refer to it.' }),
  marketHours: account.marketHours.clone().register(field, { label: 'Market Hours', options: { exchange: 'Exchange Hours', always: 'Always Open (Demo)' }, help: 'Whether orders are taken in exchange hours only. Always open is for demos and tests on paper.' }),
  maxOrderQuantity: limits.maxOrderQuantity.clone().register(field, { label: 'Max Order Quantity', unit: 'units', help: 'Largest quantity of one order.', section: 'Limits' }),
  maxOrderValuePercent: limits.maxOrderValuePercent.clone().register(field, { label: 'Max Order Value', unit: '% of capital', help: 'Largest value of one order.', section: 'Limits' }),
  priceCollarPercent: limits.priceCollarPercent.clone().register(field, { label: 'Price Collar', unit: '%', help: 'How far the price of an order may lie from the last price.', section: 'Limits' }),
  maxPosition: limits.maxPosition.clone().register(field, { label: 'Max Position', unit: 'units', help: 'Largest position of one strategy in one symbol, open orders included.', section: 'Limits' }),
  maxSymbolExposure: limits.maxSymbolExposure.clone().register(field, { label: 'Max Symbol Exposure', unit: 'units', help: 'Largest position of the whole account in one symbol, open orders included.', section: 'Limits' }),
  maxOpenPositions: limits.maxOpenPositions.clone().register(field, { label: 'Max Open Positions', unit: 'symbols', help: 'Symbols with a position or an open entry at one time.', section: 'Limits' }),
  maxDailyOrders: limits.maxDailyOrders.clone().register(field, { label: 'Max Daily Orders', unit: 'orders', help: 'Orders of one exchange day.', section: 'Limits' }),
  maxDailyLossPercent: limits.maxDailyLossPercent.clone().register(field, { label: 'Max Daily Loss', unit: '% of capital', help: 'Loss of one exchange day after which entries stop until re-armed.', section: 'Limits' }),
  maxQuoteAgeSeconds: z.number().positive().max(3_600).default(DEFAULTS.maxQuoteAgeMs / SECOND_MS).register(field, { label: 'Max Quote Age', unit: 's', help: 'Oldest price an entry may be checked against.', section: 'Limits' }),
  cooldownSeconds: z.number().nonnegative().max(604_800).default(DEFAULTS.cooldownMs / SECOND_MS).register(field, { label: 'Cool-Down', unit: 's', help: 'Shortest time between two entries of a strategy in one symbol. 0 switches it off.', section: 'Limits' }),
});

/** The form's values as the account that the runtime knows. */
export function toAccount(form: z.infer<typeof AccountForm>): AccountConfig {
  const { id, capital, marketHours, maxQuoteAgeSeconds, cooldownSeconds, ...rest } = form;
  const inMs = { maxQuoteAgeMs: Math.round(maxQuoteAgeSeconds * SECOND_MS), cooldownMs: Math.round(cooldownSeconds * SECOND_MS) };
  return AccountConfig.parse({ id, capital, marketHours, limits: { ...rest, ...inMs } });
}

/** The key that alerts must carry. */
export const WebhookForm = z.object({
  key: z.string().min(8, 'Use at least 8 characters.').max(200).register(field, { label: 'Webhook Key', control: 'secret', help: 'Alerts must carry it as secret or apikey in the message, or as the header X-API-Key. Use a long random text of your own.' }),
});

const KINDS = { telegram: 'Telegram', discord: 'Discord', slack: 'Slack', webhook: 'Generic Webhook' };
const onTelegram = { kind: ['telegram'] };
const onUrl = { kind: ['discord', 'slack', 'webhook'] };

/** Where alerts go. */
export const ChannelForm = z.object({
  kind: z.enum(['telegram', 'discord', 'slack', 'webhook']).default('telegram').register(field, { label: 'Channel', options: KINDS, help: 'Service that receives the alerts.' }),
  botToken: z.string().optional().register(field, { label: 'Bot Token', control: 'secret', help: 'Token that @BotFather gave you.', showWhen: onTelegram }),
  chatId: z.string().optional().register(field, { label: 'Chat ID', help: 'ID of the chat that receives the alerts; send your bot a message first.', placeholder: '123456789', showWhen: onTelegram }),
  url: z.string().optional().register(field, { label: 'Webhook URL', control: 'secret', help: 'Incoming webhook of the channel.', showWhen: onUrl }),
});

/** The form's values as a channel; what is missing is named. */
export function toChannel(form: z.infer<typeof ChannelForm>): Outcome<AlertChannel> {
  const { kind, botToken, chatId, url } = form;
  if (kind !== 'telegram') return isWebUrl(url) ? ok({ kind, url }) : missing('Webhook URL', 'url');
  if (botToken === undefined) return missing('Bot Token', 'botToken');
  if (chatId === undefined) return missing('Chat ID', 'chatId');
  return ok({ kind: 'telegram', botToken, chatId });
}

function isWebUrl(url: string | undefined): url is string {
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function missing(label: string, name: string): Outcome<never> {
  return deny('INVALID_PARAMETER', `${label}: missing or not valid`, { field: name, remedy: `Open the credential and correct "${label}".` });
}
