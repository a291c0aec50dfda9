import { z } from 'zod';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { AlertChannel } from '../../domain/ports';
import { capitalField, idField, limitFields, openAlgoFields, paperFields, upstoxFields } from '../accountForm';
import { field } from '../field';

/** A paper account as n8n's credential form holds it: limits flat, in a section of their own. */
export const PaperForm = z.object({ id: idField('paper'), capital: capitalField, ...paperFields, ...limitFields });

/** An account behind an OpenAlgo. */
export const OpenAlgoForm = z.object({ id: idField('openalgo'), ...openAlgoFields, capital: capitalField, ...limitFields });

/** An account at Upstox. */
export const UpstoxForm = z.object({ id: idField('upstox'), ...upstoxFields, capital: capitalField, ...limitFields });

/** The form of each broker's credential. */
export const ACCOUNT_FORMS = { paper: PaperForm, openalgo: OpenAlgoForm, upstox: UpstoxForm } as const;

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
