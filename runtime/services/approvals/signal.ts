import type { Approval, ApprovalVerdict } from '../../domain/approval';
import type { Envelope } from '../../domain/envelope';
import { signalIdOf } from '../ingress/signalId';

/** The key by which the inbox takes one end of a question, whoever brings it and however often. */
export function dedupeKeyOf({ id }: Pick<Approval, 'id'>): string {
  return `approval ${id}`;
}

/** The one signal that the end of a question is, whoever hands it on and whenever. */
export function signalOfAnswer({ id, answeredBy }: Pick<Approval, 'id'> & { readonly answeredBy: string }): string {
  return signalIdOf({ nodeKey: answeredBy, dedupeKey: dedupeKeyOf({ id }), windowed: false, receivedAt: 0 });
}

/** What the flow is told: the trade as it was asked about, and how the question ended. Nothing in it comes from the answer but the verdict. */
export function answeredItem(approval: Approval, verdict: ApprovalVerdict, source: string, at: number): Envelope {
  const { id, item, price, happenedAt: askedAt, expiresAt, question } = approval;
  return { ...item, signal: { id, source, at, ...nameOf(item['signal']) }, approval: { id, verdict, price, askedAt, expiresAt, question } };
}

function nameOf(signal: unknown): { readonly name?: string } {
  return typeof signal === 'object' && signal !== null && 'name' in signal && typeof signal.name === 'string' ? { name: signal.name } : {};
}
