import type { WebhookRequest } from '../../runtime';

/** The first value of a header, trimmed; undefined where it is missing or empty. `name` is lower case. */
export function header(headers: WebhookRequest['headers'], name: string): string | undefined {
  const entry = headers[nameOf(headers, name)];
  const value = (typeof entry === 'string' ? entry : entry?.[0])?.trim();
  return value === '' ? undefined : value;
}

/** As it was written. Asked several times for every call, so nothing is built for it. */
function nameOf(headers: WebhookRequest['headers'], name: string): string {
  for (const key in headers) if (key.length === name.length && key.toLowerCase() === name) return key;
  return name;
}
