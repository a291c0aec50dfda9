import type { EpochMs } from './time';

/** How a question ended. `expired`: nobody answered in time, or somebody did too late. */
export type ApprovalVerdict = 'approved' | 'declined' | 'expired';

/** A trade that a person was asked about. What is traded after the answer is this `item`, and never what came with the answer. */
export interface Approval {
  /** The same for the same question: a flow that runs again asks nobody twice. No secret. */
  readonly id: string;
  /** Whoever knows it may answer, once. It stands in the message to the person and in no item. */
  readonly token: string;
  /** For which account; absent where it was asked before that was kept. */
  readonly account?: string;
  readonly strategyId: string;
  readonly nodeKey: string;
  /** The signal that the question is about. */
  readonly signalId: string;
  readonly item: Readonly<Record<string, unknown>>;
  /** What the person was asked, as text. */
  readonly question: string;
  /** Last price when it was asked, in rupees. */
  readonly price: number;
  readonly expiresAt: EpochMs;
  readonly happenedAt: EpochMs;
  readonly verdict?: ApprovalVerdict;
  readonly answeredAt?: EpochMs;
  /** The trigger that took the answer, and alone hands it on. */
  readonly answeredBy?: string;
}

export type NewApproval = Omit<Approval, 'verdict' | 'answeredAt' | 'answeredBy'>;

export interface ApprovalAnswer {
  readonly token: string;
  /** A trigger answers for its own strategy only. */
  readonly strategyId: string;
  readonly verdict: ApprovalVerdict;
  readonly answeredBy: string;
  readonly happenedAt: EpochMs;
}

/** Questions and their answers. Every method is one atomic, durable step. */
export interface ApprovalStore {
  /** Writes the question down, unless its id is known: then gives the one that is there, with its own token. */
  ask(approval: NewApproval): Promise<Approval>;
  find(id: string): Promise<Approval | undefined>;
  ofToken(request: Pick<ApprovalAnswer, 'token' | 'strategyId'>): Promise<Approval | undefined>;
  /** The first answer stands; after `expiresAt` every answer is `expired`. `first` says whether this was it. Undefined where nobody asked. */
  answer(answer: ApprovalAnswer): Promise<{ readonly approval: Approval; readonly first: boolean } | undefined>;
  /** Questions of a strategy that this trigger has ended, or whose time is over without an answer, and of which the flow may not know yet; oldest first. What another trigger took is its own to hand on. */
  untold(request: { readonly strategyId: string; readonly answeredBy: string; readonly now: EpochMs; readonly limit: number }): Promise<readonly Approval[]>;
  /** The end of a question is in the inbox. */
  told(request: { readonly id: string; readonly happenedAt: EpochMs }): Promise<void>;
  /** Removes questions that were written down, and whose time was over, before, of the oldest thousand. Answers how many: none where there is nothing more to remove. */
  prune(request: { readonly before: EpochMs }): Promise<number>;
}
