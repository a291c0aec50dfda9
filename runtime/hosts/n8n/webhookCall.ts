import type { IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import type { WebhookAnswer, WebhookRequest } from '../../runtime';

/** What we use of n8n's request: its raw body is read already for the content types that n8n parses, otherwise on demand. */
interface Call {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly ip?: string;
  readonly socket: { readonly remoteAddress?: string };
  rawBody?: Uint8Array;
  readRawBody?: () => Promise<void>;
}

interface Reply {
  status(code: number): Reply;
  set(headers: Readonly<Record<string, string>>): Reply;
  json(body: unknown): void;
}

const Call = z.custom<Call>((value) => hasMembers(value, ['headers', 'socket']), 'n8n gave no HTTP request.');
const Reply = z.custom<Reply>((value) => hasMembers(value, ['status', 'set', 'json']), 'n8n gave no HTTP response.');

/** The call as the ingress takes it: the bytes as they came, and the sender's address (n8n's own proxy settings decide whether forwarded headers count). */
export async function readCall(host: IWebhookFunctions, receivedAt: number): Promise<WebhookRequest> {
  const call = Call.parse(host.getRequestObject());
  if (call.rawBody === undefined) await call.readRawBody?.();
  return { raw: call.rawBody ?? new Uint8Array(0), headers: call.headers, remoteAddress: call.ip ?? call.socket.remoteAddress ?? '', receivedAt };
}

export function answer(host: IWebhookFunctions, { status, headers, body }: Pick<WebhookAnswer, 'status' | 'headers' | 'body'>): void {
  Reply.parse(host.getResponseObject()).status(status).set(headers).json(body);
}

function hasMembers(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}
