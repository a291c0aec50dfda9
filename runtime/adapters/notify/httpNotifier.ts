import axios, { type AxiosResponse } from 'axios';
import { z } from 'zod';
import type { AlertChannel, Notifier } from '../../domain/ports';
import { alertText, literal, MAX_TEXT, type AlertContent } from './alertText';

export interface HttpNotifierOptions {
  /** Longest time for one message, connecting and answer included; default 5,000. */
  readonly timeoutMs?: number;
}

type Sent = Awaited<ReturnType<Notifier['send']>>;
interface Message {
  readonly url: URL;
  readonly body: object;
}

const TELEGRAM = 'https://api.telegram.org';
const MAX_ANSWER_BYTES = 64 * 1_024;
const MAX_REQUEST_BYTES = 256 * 1_024;
const MAX_RETRY_AFTER_MS = 3_600_000;
const MAX_EXPLANATION = 200;
/** Discord's message flag that shows no previews of links. */
const SUPPRESS_EMBEDS = 4;

/**
 * Sends alerts to Telegram, Discord, Slack and plain webhooks over HTTP. Never rejects.
 * Redirects are not followed, answers and requests are capped, and a reason never contains a token or an address.
 * One message is one try: `retryAfterMs` (at most an hour) says when the other side wants the next one.
 */
export function httpNotifier(options: HttpNotifierOptions = {}): Notifier {
  const timeoutMs = options.timeoutMs ?? 5_000;
  return {
    async send(channel, alert): Promise<Sent> {
      const message = messageFor(channel, alert);
      if (message === undefined) return { ok: false, reason: `The ${channel.kind} address is not a valid http(s) address.` };
      try {
        return read(channel, await post(message, timeoutMs));
      } catch (error) {
        return { ok: false, reason: failure(channel, error, timeoutMs) };
      }
    },
  };
}

function messageFor(channel: AlertChannel, alert: AlertContent): Message | undefined {
  const text = alertText(channel.kind, alert);
  switch (channel.kind) {
    case 'telegram':
      return message(`${(channel.baseUrl ?? TELEGRAM).replace(/\/+$/, '')}/bot${encodeURIComponent(channel.botToken)}/sendMessage`, {
        chat_id: channel.chatId, text, link_preview_options: { is_disabled: true },
      });
    case 'discord':
      return message(channel.url, { content: text, allowed_mentions: { parse: [] }, flags: SUPPRESS_EMBEDS });
    case 'slack':
      return message(channel.url, { text, mrkdwn: false, link_names: false, unfurl_links: false, unfurl_media: false });
    case 'webhook':
      return message(channel.url, {
        severity: alert.severity, message: literal('webhook', alert.message, MAX_TEXT.webhook), strategyId: alert.strategyId,
        happenedAt: alert.happenedAt, ...(alert.link === undefined ? {} : { link: alert.link }), text,
      });
  }
}

function message(address: string, body: object): Message | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? { url, body } : undefined;
}

/** The time limit covers the whole exchange: an idle limit alone lets an answer drip for ever. */
function post({ url, body }: Message, timeoutMs: number): Promise<AxiosResponse<unknown>> {
  return axios.post<unknown>(url.href, JSON.stringify(body), {
    headers: { 'content-type': 'application/json', 'user-agent': 'bellwether' },
    timeout: timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    maxBodyLength: MAX_REQUEST_BYTES,
    responseType: 'text',
    transformResponse: (answer: unknown) => answer,
    validateStatus: () => true,
  });
}

/** Errors as the services word them; everything is optional because an answer may be anything. */
const Answer = z.object({
  description: z.string().optional(),
  message: z.string().optional(),
  retry_after: z.number().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

function read(channel: AlertChannel, response: AxiosResponse<unknown>): Sent {
  const { status } = response;
  if (status >= 200 && status < 300) return { ok: true };
  if (status >= 300 && status < 400) return { ok: false, reason: `${channel.kind} answered ${status}: redirects are not followed.` };
  const answer = parseAnswer(response.data);
  const explanation = answer.description ?? answer.message ?? (channel.kind === 'slack' && typeof response.data === 'string' ? response.data : '');
  const reason = [`${channel.kind} answered ${status}`, withoutSecrets(channel, explanation)].filter((part) => part !== '').join(': ');
  const retryAfterMs = status === 429 || status === 503 ? retryAfter(response.headers['retry-after'], answer) : undefined;
  return retryAfterMs === undefined ? { ok: false, reason } : { ok: false, reason, retryAfterMs };
}

function parseAnswer(text: unknown): z.infer<typeof Answer> {
  const parsed = z.string().transform((raw, context): unknown => {
    try {
      return JSON.parse(raw);
    } catch {
      context.addIssue({ code: 'custom', message: 'no JSON' });
      return z.NEVER;
    }
  }).pipe(Answer).safeParse(text);
  return parsed.data ?? {};
}

/** Seconds or an HTTP date in the header, else seconds in the body (Telegram, Discord). */
function retryAfter(header: unknown, answer: z.infer<typeof Answer>): number | undefined {
  const seconds = typeof header === 'string' && /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : undefined;
  const date = typeof header === 'string' && seconds === undefined ? Date.parse(header) : Number.NaN;
  const inBody = answer.parameters?.retry_after ?? answer.retry_after;
  const waitMs = seconds !== undefined ? seconds * 1_000 : !Number.isNaN(date) ? date - Date.now() : inBody === undefined ? undefined : inBody * 1_000;
  return waitMs === undefined ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, Math.ceil(waitMs)));
}

/** What went wrong on the way, from the error's code only: messages name hosts and addresses. */
function failure(channel: AlertChannel, error: unknown, timeoutMs: number): string {
  if (axios.isCancel(error) || (axios.isAxiosError(error) && (error.code === 'ECONNABORTED' || error.code === 'ETIMEDOUT'))) return `${channel.kind} did not answer within ${timeoutMs} ms.`;
  const code = axios.isAxiosError(error) ? error.code : undefined;
  return `${channel.kind} could not be reached${code === undefined ? '' : ` (${code})`}.`;
}

/** The other side's words, shortened, without anything of the channel's configuration that should stay secret. */
function withoutSecrets(channel: AlertChannel, text: string): string {
  const secrets = channel.kind === 'telegram' ? [channel.botToken] : [channel.url, ...new URL(channel.url).pathname.split('/').filter((part) => part.length >= 8)];
  const clean = secrets.filter((secret) => secret !== '').reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
  return clean.replace(/[\p{Cc}]+/gu, ' ').trim().slice(0, MAX_EXPLANATION);
}
