import { z } from 'zod';

/** What came back from the gateway, before anyone asks what it means. */
export type Reply =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly text: string }
  /** The connection was never made: nothing can have been sent. */
  | { readonly kind: 'unsent'; readonly reason: string }
  /** Sent, or perhaps sent, and no whole answer. */
  | { readonly kind: 'broken'; readonly reason: string };

/** A reply, judged. Only `success` and `refused` are the gateway's own words. */
export type GatewayAnswer =
  | { readonly kind: 'success'; readonly body: Readonly<Record<string, unknown>> }
  /** It says no, in its own form and with a status that means no. */
  | { readonly kind: 'refused'; readonly httpStatus: number; readonly message: string }
  | { readonly kind: 'unsent'; readonly reason: string }
  /** Nobody can tell what happened: no whole answer, a failure inside of the gateway or of its broker, a page of some proxy. */
  | { readonly kind: 'unsure'; readonly reason: string };

const Body = z.record(z.string(), z.unknown());

/** Statuses below 500 that do not say whether the request was carried out: timeouts of the server, of a proxy, and `too early`. */
const NO_VERDICT = new Set([408, 425, 499]);
const MOST_MESSAGE = 500;

/**
 * Judges a reply. A refusal needs both a status of 4xx and a body that says `error`: the gateway passes its broker's refusals through with their
 * statuses, and answers 5xx when it does not know itself what the broker did. The one exception is 429: no limiter lets a request through that it answers so.
 */
export function judge(reply: Reply): GatewayAnswer {
  if (reply.kind === 'unsent') return reply;
  if (reply.kind === 'broken') return { kind: 'unsure', reason: reply.reason };
  const { httpStatus, text } = reply;
  const body = Body.safeParse(parsed(text));
  if (httpStatus === 429) return { kind: 'refused', httpStatus, message: (body.success ? messageOf(body.data) : '') || 'Rate limit exceeded.' };
  if (httpStatus < 200 || httpStatus >= 500 || NO_VERDICT.has(httpStatus)) return { kind: 'unsure', reason: `OpenAlgo answered ${httpStatus}${body.success ? `: ${messageOf(body.data)}` : ''}` };
  if (!body.success) return { kind: 'unsure', reason: `OpenAlgo answered ${httpStatus} with ${kindOf(text)}` };
  const { status } = body.data;
  if (httpStatus < 300 && status === 'success') return { kind: 'success', body: body.data };
  if (httpStatus >= 400 && status === 'error') return { kind: 'refused', httpStatus, message: messageOf(body.data) };
  return { kind: 'unsure', reason: `OpenAlgo answered ${httpStatus} with the status "${typeof status === 'string' ? status.slice(0, 40) : 'none'}"` };
}

const Fields = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** The three forms of an error: plain text, the text of a Python dictionary, and lists by field. */
function messageOf({ message, errors }: Readonly<Record<string, unknown>>): string {
  const fields = Fields.safeParse(errors ?? message);
  const byField = fields.success ? Object.entries(fields.data).map(([field, why]) => `${field}: ${[why].flat().join(' ')}`).join(', ') : '';
  const words = typeof message === 'string' ? message : byField;
  return unquoted(words).slice(0, MOST_MESSAGE);
}

const PYTHON_LISTS = /^\{(?:'[\w.]+': \[.*\](?:, )?)+\}$/;

/** `{'action': ['Must be one of …']}` in words a person reads. */
function unquoted(text: string): string {
  if (!PYTHON_LISTS.test(text)) return text;
  return [...text.matchAll(/'([\w.]+)': \[(.*?)\](?=, '|\})/g)].map(([, field = '', why = '']) => `${field}: ${why.replace(/^['"]|['"]$/g, '')}`).join(', ');
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
