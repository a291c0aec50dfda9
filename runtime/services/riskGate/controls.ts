import { clientOf, isLive } from '../../domain/account';
import type { DenialCode } from '../../domain/denial';
import type { EntryPause } from '../../domain/entryPause';
import { RiskLimits } from '../../domain/risk';
import type { EpochMs } from '../../domain/time';
import type { GateFacts } from './facts';
import { refusal, type Rule } from './rule';

const LIMIT_NAMES = RiskLimits.keyof().options;

/**
 * A paper account needs no arming. A live one takes orders while it is armed for the client that it is configured for now.
 * Disarming ends new risk, not the way out: what the strategy holds it may still reduce, because it holds it from the time when the account was armed.
 * An account that was never armed for this client sends nothing at all, not even an exit: what it would sell may be somebody else's.
 */
export const accountArmed: Rule = {
  name: 'account armed', entriesOnly: false,
  check({ account, state: { arming }, reduces }) {
    if (!isLive(account)) return undefined;
    const wasArmed = arming?.client === clientOf(account);
    if (wasArmed && (arming.kind === 'armed' || reduces)) return undefined;
    const remedy = 'Arm it with `bellwether arm` when you want real orders, or use a paper account.';
    if (arming === undefined) return refusal('NOT_ARMED', `Account ${account.id} was never armed for live orders.`, { limit: 'armed', value: 'never armed', remedy });
    if (!wasArmed) return refusal('NOT_ARMED', `Account ${account.id} was armed for ${arming.client}, and its orders would go to ${clientOf(account)}.`, { limit: arming.client, value: clientOf(account), remedy });
    return refusal('NOT_ARMED', `Account ${account.id} is disarmed${arming.kind === 'disarmed' ? ` (${arming.reason})` : ''}: only what reduces its positions is sent.`, { limit: 'armed', value: 'disarmed', remedy });
  },
};

/** Limits are held against what the journal says; where the broker says otherwise, they would be held against nothing. */
export const explained: Rule = {
  name: 'state explained', entriesOnly: true,
  check({ account, instrument, state: { unexplained: { inInstrument, inAccount } } }) {
    if (!isLive(account) || inAccount === 0) return undefined;
    const where = inInstrument > 0 ? `, ${inInstrument} of them in ${instrument.key}` : '';
    return refusal('UNEXPLAINED_STATE', `The broker's word and the journal of account ${account.id} differ in ${inAccount === 1 ? 'a place' : `${inAccount} places`} that nobody has explained${where}.`, {
      limit: 0, value: inAccount, remedy: '`bellwether status` shows what differs and how to resolve it. Exits stay possible.',
    });
  },
};

export const runtimeWell: Rule = pauseRule('runtime well', 'RUNTIME_STALLED', ({ stall }) => stall, 'Entries go on by themselves when the runtime has been well for a while. See what holds the process up.');
export const brokerWell: Rule = pauseRule('broker well', 'BROKER_PAUSED', ({ brokerPause }) => brokerPause, 'Entries go on by themselves when the broker answers again. Exits are still sent.');

export const squareOff: Rule = {
  name: 'square-off time', entriesOnly: true,
  check({ squareOffAt, now, instrument, draft }) {
    if (squareOffAt === undefined || now < squareOffAt) return undefined;
    return refusal('SQUARE_OFF_TIME', `Positions in ${instrument.key} (${draft.product}) are squared off now: nothing new is opened today.`, { limit: squareOffAt, value: now, remedy: 'Enter earlier, or trade a product that is held overnight.' });
  },
};

/** What can not be read limits nothing: NaN is never exceeded. */
export const limitsReadable: Rule = {
  name: 'limits readable', entriesOnly: true,
  check({ limits, account }) {
    const given: Partial<RiskLimits> = limits;
    const missing = LIMIT_NAMES.find((name) => given[name] === undefined);
    const wrong = missing ?? RiskLimits.safeParse(limits).error?.issues[0]?.path.join('.');
    if (wrong !== undefined) return refusal('RISK_UNREADABLE', `The limits of account ${account.id} can not be read: ${wrong}.`, { field: wrong, remedy: 'Correct the account’s limits.' });
    if (Number.isFinite(account.capital) && account.capital > 0) return undefined;
    return refusal('RISK_UNREADABLE', `The capital of account ${account.id} is no amount.`, { field: 'capital', limit: 'above 0', value: String(account.capital), remedy: 'Correct the account’s capital.' });
  },
};

/** What a trigger sent that came too late for entries. */
export const exitsOnly: Rule = {
  name: 'exits only', entriesOnly: true,
  check: (facts) => (facts.exitsOnly === true ? refusal('EXITS_ONLY', 'This signal came too late for entries: it may only reduce a position.', { limit: 'reduces', value: 'opens', remedy: 'Exits of the same signal are sent. The trigger’s settings say how late an entry may come.' }) : undefined),
};

function pauseRule(name: string, code: DenialCode, pauseOf: (facts: GateFacts) => EntryPause | undefined, remedy: string): Rule {
  return {
    name, entriesOnly: true,
    check(facts) {
      const pause = pauseOf(facts);
      return pause === undefined ? undefined : refusal(code, pause.reason, { limit: 'well', value: waitText(pause, facts.now), remedy });
    },
  };
}

function waitText({ until }: EntryPause, now: EpochMs): string {
  return `at least ${Math.max(0, Math.ceil((until - now) / 1000))} s more`;
}
