import type { Approval, ApprovalVerdict } from '../../domain/approval';
import { deny, ok, type Outcome } from '../../domain/denial';
import { digest } from '../../domain/intentKey';
import type { Origin } from '../../domain/order';
import type { AlertChannel, Clock, Ids, Log, NewReceipt, ReceivedSignal, Store } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import type { Interpretation } from '../../domain/webhook';
import type { Alerts } from '../alerts/alerts';
import { endPage, messagePage, questionPage } from './page';
import { answeredItem, dedupeKeyOf, signalOfAnswer } from './signal';

export interface ApprovalDeskPorts {
  readonly store: Pick<Store, 'approvals'>;
  readonly alerts: Pick<Alerts, 'raise'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** The trigger that takes answers. */
export interface AnswerBinding {
  readonly nodeKey: string;
  readonly strategyId: string;
  /** Names the trigger in the journal. */
  readonly source: string;
}

/** A trade to ask a person about. */
export interface Question {
  readonly item: Readonly<Record<string, unknown>>;
  readonly question: string;
  /** Last price, in rupees. */
  readonly price: number;
  readonly goodForMs: number;
  /** Where the trigger listens that takes the answer. */
  readonly answerUrl: string;
}

/** Questions that one look hands on. */
const AT_ONCE = 100;
/** Of an item, as JSON. */
const MAX_ITEM_LENGTH = 64 * 1_024;

/** Asks people about trades, and makes their answers, or their silence, signals: exactly one for each question. */
export interface ApprovalDesk {
  /** Writes the question down, then sends it with its link. The same signal's question again is the same question. */
  ask(origin: Origin, question: Question, channels: readonly AlertChannel[]): Promise<Outcome<Approval>>;
  /** Takes an answer. With `isTest` nothing is written: the question stays open. */
  answer(binding: AnswerBinding, answer: { readonly token: string; readonly verdict: ApprovalVerdict }, call: { readonly receivedAt: EpochMs; readonly isTest: boolean }): Promise<Outcome<{ readonly meaning: Interpretation; readonly html: string }>>;
  /** The page that a link opens; it changes nothing. */
  page(binding: Pick<AnswerBinding, 'strategyId'>, token: string): Promise<{ readonly status: 200 | 404; readonly html: string }>;
  /** From now on the trigger is there for the questions of its strategy. */
  attach(binding: AnswerBinding): () => void;
  /** Hands on what ended without an answer, and answers that an earlier life took and did not hand on. */
  look(submit: (receipt: NewReceipt) => Promise<readonly ReceivedSignal[]>): Promise<void>;
}

export function createApprovalDesk({ store: { approvals }, alerts, clock, ids, log }: ApprovalDeskPorts): ApprovalDesk {
  const attached = new Set<AnswerBinding>();
  let looking: Promise<void> | undefined;

  async function lookFor(binding: AnswerBinding, submit: Parameters<ApprovalDesk['look']>[0]): Promise<void> {
    const { strategyId, nodeKey, source } = binding;
    const now = clock.now();
    for (const { id, token } of await approvals.untold({ strategyId, answeredBy: nodeKey, now, limit: AT_ONCE })) {
      const end = await approvals.answer({ token, strategyId, verdict: 'expired', answeredBy: nodeKey, happenedAt: now });
      if (end?.approval.verdict === undefined || end.approval.answeredBy !== nodeKey) continue;
      const { verdict, answeredAt = now } = end.approval;
      const signalId = signalOfAnswer({ id, answeredBy: nodeKey });
      const { signal, ...item } = answeredItem(end.approval, verdict, source, answeredAt);
      await submit({ receiptId: ids.next(), nodeKey, strategyId, source, happenedAt: now, recordedAt: now, signals: [{ signalId, item: { ...item, signal: { ...signal, id: signalId } } }] });
      await approvals.told({ id, happenedAt: now });
    }
  }

  return {
    async ask(origin, { item, question, price, goodForMs, answerUrl }, channels) {
      // Nobody would be asked, and the trade would wait for an answer that can not come.
      if (channels.length === 0) return deny('MISSING_FIELD', 'There is nobody to ask: no channel is chosen.', { field: 'channel', remedy: 'Choose the alert channel that the question goes to.' });
      if (JSON.stringify(item).length > MAX_ITEM_LENGTH) return deny('INVALID_FIELD', 'The item is too large to be kept until the answer.', { remedy: 'Leave out what the order does not need.' });
      const { account, strategyId, nodeKey, signalId } = origin;
      const now = clock.now();
      const id = digest(['approval', account, strategyId, nodeKey, signalId, String(item['exchange']), String(item['symbol'])]).slice(0, 32);
      const approval = await approvals.ask({ id, token: ids.next(), account, strategyId, nodeKey, signalId, item, question, price, expiresAt: now + goodForMs, happenedAt: now });
      if (approval.verdict === undefined) await alerts.raise(origin, { severity: 'info', message: approval.question, link: linkOf(answerUrl, approval.token), channels });
      return ok(approval);
    },

    async answer({ nodeKey, strategyId, source }, { token, verdict }, { receivedAt, isTest }) {
      const asked = isTest ? await approvals.ofToken({ token, strategyId }) : undefined;
      const end = isTest ? (asked === undefined ? undefined : { approval: { ...asked, verdict, answeredBy: nodeKey }, first: true }) : await approvals.answer({ token, strategyId, verdict, answeredBy: nodeKey, happenedAt: receivedAt });
      if (end?.approval.verdict === undefined || end.approval.answeredBy !== nodeKey) return unknown();
      const item = answeredItem(end.approval, end.approval.verdict, source, end.approval.answeredAt ?? receivedAt);
      return ok({ meaning: { signals: [{ dedupeKey: dedupeKeyOf(end.approval), item }], refused: [] }, html: endPage(end.approval, end.first) });
    },

    async page({ strategyId }, token) {
      const approval = await approvals.ofToken({ token, strategyId });
      if (approval === undefined) return { status: 404, html: messagePage('Not found', 'Nobody asks this. Open the link as it stands in the message.') };
      if (approval.verdict !== undefined) return { status: 200, html: endPage(approval, false) };
      return { status: 200, html: clock.now() > approval.expiresAt ? endPage({ ...approval, verdict: 'expired' }, false) : questionPage(approval) };
    },

    attach(binding) {
      attached.add(binding);
      return () => { attached.delete(binding); };
    },

    look(submit) {
      const all = async (): Promise<void> => {
        for (const binding of [...attached]) {
          await lookFor(binding, submit).catch((error: unknown) => log.error({ err: error, nodeKey: binding.nodeKey }, 'Questions that ended could not be looked at; it is tried again in a moment.'));
        }
      };
      looking ??= all().finally(() => { looking = undefined; });
      return looking;
    },
  };
}

function unknown(): ReturnType<typeof deny> {
  return deny('NOT_FOUND', 'This trigger has not been asked for that approval.', { field: 'approval', remedy: 'Open the link as it stands in the message.' });
}

function linkOf(answerUrl: string, token: string): string {
  const link = new URL(answerUrl);
  link.searchParams.set('approval', token);
  return link.href;
}
