import type { IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import type { WebhookAnswer, WebhookRequest, WebPage } from '../../runtime';

/** What we use of n8n's request: its raw body is read already for the content types that n8n parses, otherwise on demand. */
interface Call {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly ip?: string;
  readonly method?: string;
  readonly originalUrl?: string;
  readonly socket: { readonly remoteAddress?: string };
  rawBody?: Uint8Array;
  readRawBody?: () => Promise<void>;
}

interface Reply {
  status(code: number): Reply;
  set(headers: Readonly<Record<string, string>>): Reply;
  json(body: unknown): void;
  send(text: string): void;
}

const Call = z.custom<Call>((value) => hasMembers(value, ['headers', 'socket']), 'n8n gave no HTTP request.');
const Reply = z.custom<Reply>((value) => hasMembers(value, ['status', 'set', 'json', 'send']), 'n8n gave no HTTP response.');

/** The call as the ingress takes it: the bytes as they came, and the sender's address (n8n's own proxy settings decide whether forwarded headers count). */
export async function readCall(host: IWebhookFunctions, receivedAt: number): Promise<WebhookRequest> {
  const call = Call.parse(host.getRequestObject());
  if (call.rawBody === undefined) await call.readRawBody?.();
  return { raw: call.rawBody ?? new Uint8Array(0), headers: call.headers, remoteAddress: call.ip ?? call.socket.remoteAddress ?? '', receivedAt };
}

/** The address that a browser asks for a page at; undefined where the call is no such question. */
export function pageAddress(host: IWebhookFunctions): string | undefined {
  const { method, originalUrl } = Call.parse(host.getRequestObject());
  return method === 'GET' ? originalUrl ?? '' : undefined;
}

export function showPage(host: IWebhookFunctions, { status, headers, html }: WebPage): void {
  Reply.parse(host.getResponseObject()).status(status).set(headers).send(html);
}

export function answer(host: IWebhookFunctions, { status, headers, body, html }: Pick<WebhookAnswer, 'status' | 'headers' | 'body' | 'html'>): void {
  const reply = Reply.parse(host.getResponseObject()).status(status).set(headers);
  if (html === undefined) reply.json(body);
  else reply.send(html);
}

function hasMembers(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}
