import type { AlertChannel, AlertRecord } from '../../domain/ports';
import { INDIA_ZONE } from '../../domain/time';

export type AlertContent = Pick<AlertRecord, 'severity' | 'message' | 'happenedAt' | 'strategyId'> & {
  /** An address on a line of its own, which clients make a link of: it is not escaped as text is. */
  readonly link?: string;
};
type Kind = AlertChannel['kind'];

/** Longest text a channel takes, in UTF-16 units: Telegram's and Discord's own limits, Slack's recommendation, our bound for webhooks. */
export const MAX_TEXT: Readonly<Record<Kind, number>> = { telegram: 4_096, discord: 2_000, slack: 4_000, webhook: 8_000 };

/** Invisible, and enough to keep any client from reading `@name` as a mention. */
const ZERO_WIDTH_SPACE = '\u200b';
const SLACK_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const DISCORD_MARKDOWN = new Set('\\*_~`|<>#[]()+-');
const ELLIPSIS = '…';

/**
 * An alert as one channel shows it: severity, message, then strategy and Indian time on a line of their own.
 * What the message contains is shown literally: it mentions nobody, formats nothing and hides nothing (control and direction marks are dropped).
 * A long message is cut, never in the middle of a character, and ends with an ellipsis.
 */
export function alertText(kind: Kind, { severity, message, happenedAt, strategyId, link }: AlertContent): string {
  const head = `${severity.toUpperCase()}: `;
  const address = link === undefined ? '' : `\n${kind === 'slack' ? escapedAddress(link) : link}`;
  const foot = `${address}\n${literal(kind, `${strategyId} · ${indianTime(happenedAt)}`, 200)}`;
  return head + literal(kind, message, MAX_TEXT[kind] - head.length - foot.length) + foot;
}

function escapedAddress(link: string): string {
  return link.replaceAll('&', '&amp;');
}

/** The text escaped for the channel, at most `limit` long after escaping. */
export function literal(kind: Kind, text: string, limit: number): string {
  let shown = '';
  let fits = '';
  for (const character of visible(text)) {
    const piece = escaped(kind, character);
    if (shown.length + piece.length > limit) return fits + ELLIPSIS;
    shown += piece;
    if (shown.length + ELLIPSIS.length <= limit) fits = shown;
  }
  return shown;
}

function escaped(kind: Kind, character: string): string {
  if (kind === 'webhook') return character;
  if (character === '@') return `@${ZERO_WIDTH_SPACE}`;
  if (kind === 'slack') return SLACK_ENTITIES[character] ?? character;
  return kind === 'discord' && DISCORD_MARKDOWN.has(character) ? `\\${character}` : character;
}

/** Without control characters (line breaks stay), halves of characters and without marks that reorder what a person reads. */
function visible(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, (mark) => (mark === '\n' || mark === '\t' ? mark : ''));
}

function indianTime(at: number): string {
  return `${new Date(at).toLocaleString('en-GB', { timeZone: INDIA_ZONE, dateStyle: 'medium', timeStyle: 'medium' })} IST`;
}
