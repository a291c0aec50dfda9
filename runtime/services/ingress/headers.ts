import type { WebhookRequest } from '../../runtime';

/** The first value of a header, trimmed; undefined where it is missing or empty. `name` is lower case. */
export function header(headers: WebhookRequest['headers'], name: string): string | undefined {
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const value = (typeof entry === 'string' ? entry : entry?.[0])?.trim();
  return value === '' ? undefined : value;
}
