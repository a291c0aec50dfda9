import { z } from 'zod';

/** What came back, before anyone asks what it means. */
export type Reply =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly text: string }
  /** The connection was never made: nothing can have been sent. */
  | { readonly kind: 'unsent'; readonly reason: string }
  /** Sent, or perhaps sent, and no whole answer. */
  | { readonly kind: 'broken'; readonly reason: string };

/** A reply, judged. Only `success` and `refused` are Upstox' own words. */
export type UpstoxAnswer =
  | { readonly kind: 'success'; readonly data: unknown }
  /** It says no, in its own form and with a status that means no. `code` is one of its `UDAPI…` numbers, or empty. */
  | { readonly kind: 'refused'; readonly httpStatus: number; readonly code: string; readonly message: string }
  | { readonly kind: 'unsent'; readonly reason: string }
  /** Nobody can tell what happened: no whole answer, a failure inside of Upstox, a page of some proxy. */
  | { readonly kind: 'unsure'; readonly reason: string };

/** Errors come with both spellings of their fields; the camel-cased one is going away. */
const ErrorEntry = z.object({ error_code: z.string().nullish().catch(undefined), errorCode: z.string().nullish().catch(undefined), message: z.string().nullish().catch(undefined) });
const Body = z.object({ status: z.string(), data: z.unknown().optional(), errors: z.array(ErrorEntry).nullish().catch(undefined) });
type Body = z.infer<typeof Body>;

/** Statuses below 500 that do not say whether the request was carried out: timeouts of the server, of a proxy, and `too early`. */
const NO_VERDICT = new Set([408, 425, 499]);
const MOST_MESSAGE = 500;

/**
 * Judges a reply. A refusal needs both a status of 4xx and a body that says `error`; pages of the content network in front of Upstox (403, `error 1010`) are none.
 * `partial_success` is told for nothing that is asked here: it leaves in doubt what was done. The one exception is 429: no limiter lets a request through that it answers so.
 */
export function judge(reply: Reply): UpstoxAnswer {
  if (reply.kind === 'unsent') return reply;
  if (reply.kind === 'broken') return { kind: 'unsure', reason: reply.reason };
  const { httpStatus, text } = reply;
  const body = Body.safeParse(parsed(text)).data;
  if (httpStatus === 429) return { kind: 'refused', httpStatus, code: codeOf(body), message: messageOf(body) || 'Too many requests.' };
  if (httpStatus < 200 || httpStatus >= 500 || NO_VERDICT.has(httpStatus)) return { kind: 'unsure', reason: `Upstox answered ${httpStatus}${said(body)}` };
  if (body === undefined) return { kind: 'unsure', reason: `Upstox answered ${httpStatus} with ${kindOf(text)}` };
  if (httpStatus < 300 && body.status === 'success') return { kind: 'success', data: body.data };
  if (httpStatus >= 400 && body.status === 'error') return { kind: 'refused', httpStatus, code: codeOf(body), message: messageOf(body) };
  return { kind: 'unsure', reason: `Upstox answered ${httpStatus} with the status "${body.status.slice(0, 40)}"` };
}

function codeOf(body: Body | undefined): string {
  const [first] = body?.errors ?? [];
  return (first?.error_code ?? first?.errorCode ?? '').slice(0, 40);
}

function messageOf(body: Body | undefined): string {
  return (body?.errors ?? []).flatMap(({ message }) => message ?? []).join(' ').slice(0, MOST_MESSAGE);
}

function said(body: Body | undefined): string {
  const message = messageOf(body);
  return message === '' ? '' : `: ${message}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function kindOf(text: string): string {
  if (text.trim() === '') return 'nothing';
  return text.trimStart().startsWith('<') ? 'a page instead of data' : 'something that can not be read';
}
