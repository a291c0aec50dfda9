import { z } from 'zod';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import type { AlertChannel } from '../../runtime/domain/ports';
import { field } from '../../runtime/hosts/field';
import { defineConfig } from '../../runtime/hosts/nodeRed/config';

const ChannelForm = z.object({
  kind: z.enum(['telegram', 'discord', 'slack', 'webhook']).default('telegram').register(field, {
    label: 'Kind', options: { telegram: 'Telegram', discord: 'Discord', slack: 'Slack', webhook: 'Webhook' },
  }),
  botToken: z.string().optional().register(field, { label: 'Bot Token', control: 'secret', help: 'Of the bot that BotFather made for you.', showWhen: { kind: ['telegram'] } }),
  chatId: z.string().max(100).optional().register(field, { label: 'Chat ID', help: 'Number of the chat, or @name of the channel, that the bot writes to.', showWhen: { kind: ['telegram'] } }),
  url: z.string().regex(/^https?:\/\/[^\s/]+/i, 'Use an address that starts with https://.').optional().register(field, { label: 'URL', control: 'secret', help: 'The incoming webhook of the service. Whoever has it can post.', showWhen: { kind: ['discord', 'slack', 'webhook'] } }),
});

/** Node-RED's alert channel, its secrets kept in the credential store. */
export const bellwetherChannel = defineConfig({
  type: 'bellwetherChannel',
  title: 'Alert Channel',
  description: 'A place that alerts are delivered to',
  version: 1,
  params: ChannelForm,
});

/** The form's values as a channel, or what is missing. */
export function channelOf({ kind, botToken, chatId, url }: z.infer<typeof ChannelForm>): Outcome<AlertChannel> {
  if (kind !== 'telegram') return url === undefined ? missing('url', 'URL') : ok({ kind, url });
  if (botToken === undefined) return missing('botToken', 'Bot Token');
  return chatId === undefined ? missing('chatId', 'Chat ID') : ok({ kind, botToken, chatId });
}

function missing(name: string, label: string): Outcome<AlertChannel> {
  return deny('INVALID_PARAMETER', `${label} of the alert channel is empty.`, { field: name, remedy: 'Open the channel and fill it in.' });
}
