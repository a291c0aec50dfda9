import type { Admission, AdmissionRequest } from './admission';
import type { Action, Intent, IntentDraft, Size } from './order';
import type { EpochMs } from './time';

/** The row of a wish as the gate has decided it; every journal writes the same one. */
export function decidedIntent({ key, orderId, draft, added, happenedAt }: Pick<AdmissionRequest, 'key' | 'orderId' | 'draft' | 'added' | 'happenedAt'>, admission: Admission, recordedAt: EpochMs): Intent {
  const { account, strategyId, nodeKey, signalId, instrument, leg, purpose, product, orderType } = draft;
  const base = { key, account, strategyId, nodeKey, signalId, instrument, leg, purpose, product, orderType, ...pricesOfDraft(draft), ...(added === undefined ? {} : { added }), happenedAt, recordedAt };
  switch (admission.kind) {
    case 'admit': return { ...base, action: admission.action, quantity: admission.quantity, status: 'ADMITTED', orderId };
    case 'deny': return { ...base, action: admission.action, quantity: Number.isFinite(admission.quantity) ? admission.quantity : 0, status: 'DENIED', denial: admission.denial };
    case 'satisfied': return { ...base, action: leaningOf(draft.size), quantity: 0, status: 'SATISFIED' };
  }
}

/** The side that a wish leans to where nothing is traded: it only fills the column. */
export function leaningOf(size: Size): Action {
  switch (size.kind) {
    case 'fixed': return size.action;
    case 'target': return size.quantity < 0 ? 'SELL' : 'BUY';
    case 'exit': return size.action ?? 'SELL';
  }
}

/** The prices that a draft has. */
export function pricesOfDraft({ limitPrice, triggerPrice }: IntentDraft): Pick<IntentDraft, 'limitPrice' | 'triggerPrice'> {
  return { ...(limitPrice === undefined ? {} : { limitPrice }), ...(triggerPrice === undefined ? {} : { triggerPrice }) };
}
