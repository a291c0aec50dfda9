import type { DenialCode } from '../denial';
import { EXIT_LADDER } from '../chase';
import { SECOND_MS, type EpochMs } from '../time';
import { rest } from './heldStop';
import { notice, type Notice } from './outcome';
import { excessQuantity, remainingQuantity, type Protection, type ProtectionStep } from './protection';
import { forgetOld, prune, takeBack, withSteps } from './steps';

/** How patient exits are. */
export interface PlanRules {
  /** An exit that rests unfilled this long is taken back and tried again. */
  readonly chaseMs: number;
  /** Rounds of exits that follow each other quickly; then a person is called, and further ones are spaced. */
  readonly maxAttempts: number;
  /** Wait after a round that was refused; it grows with every round. */
  readonly retryMs: number;
  /** Wait between rounds once a person was called: what is in the way (a gateway that restarts, a circuit) may go. */
  readonly slowMs: number;
  /** A broker's own stop may take this long to act once the price is beyond it. */
  readonly heldGraceMs: number;
  /** Largest quantity of one order. */
  readonly maxOrderQuantity: number;
  /** False while the instrument is not traded: nothing new is sent then. */
  readonly marketOpen: boolean;
}

export const RULES: PlanRules = { chaseMs: 5_000, maxAttempts: 6, retryMs: 1_000, slowMs: 20 * SECOND_MS, heldGraceMs: 3_000, maxOrderQuantity: Infinity, marketOpen: true };

/** Refusals that come again however often one asks: the order itself is wrong. */
const FINAL: ReadonlySet<DenialCode> = new Set<DenialCode>([
  'UNKNOWN_SYMBOL', 'EXPIRED_SYMBOL', 'NOT_TRADABLE', 'NOT_SUPPORTED', 'QUANTITY_INVALID', 'QUANTITY_ZERO', 'LOT_SIZE', 'PRICE_OFF_TICK', 'INVALID_PARAMETER', 'INVALID_FIELD', 'TOO_MANY_SLICES',
]);
/** An exit that waits longer for its stops at the broker is told of. */
const HELD_UP_MS = 30 * SECOND_MS;

interface Planned {
  readonly next: Protection;
  readonly notices: readonly Notice[];
}

/** What the state calls for now: a stop to rest at the broker, exits, taking back what rests, giving back what was too much. */
export function plan(protection: Protection, now: EpochMs, rules: PlanRules): Planned {
  const { next, notices } = rules.marketOpen ? giveBack(protection, now, rules) : { next: protection, notices: [] };
  switch (next.status) {
    case 'ACTIVE': return { next: rest(notWaiting(next), now, rules), notices };
    case 'EXITING': {
      const planned = exit(next.exitingSince === undefined ? { ...next, exitingSince: now } : next, now, rules);
      return { next: planned.next, notices: [...notices, ...planned.notices] };
    }
    case 'CANCELLED':
    case 'DONE': return { next: takeBack(next, () => true), notices };
    case 'PENDING':
    case 'FAILED': return { next, notices };
  }
}

/** Both sides filled, or a cancel lost the race: what was closed beyond the position is bought back, with an alarm. */
function giveBack(protection: Protection, now: EpochMs, rules: PlanRules): Planned {
  const excess = owedBack(protection);
  const tries = protection.steps.filter(({ purpose }) => purpose === 'excess').length;
  if (excess === 0 || protection.status === 'FAILED') return { next: protection, notices: [] };
  if (tries >= rules.maxAttempts && isFinal(protection)) return failed({ ...protection, status: 'EXITING' }, excess, 'given back');
  // The first is given back at once.
  if (tries > 0 && isTooEarly(protection, now)) return { next: protection, notices: [] };
  const next = withSteps({ ...forgetOld(protection), retryAt: now + waitAfter(tries, rules) }, excess, rules, (step, quantity) => ({ step, purpose: 'excess', quantity, filled: 0, state: 'WANTED', wantedAt: now }));
  return { next: { ...next, status: 'EXITING', exitReason: next.exitReason ?? 'closed' }, notices: toldOf(next, excess, tries, rules) };
}

/** What was closed too much and is still to be given back. Where nothing of it was found to give back, the strategy holds no other side: then nothing is owed. */
function owedBack(protection: Protection): number {
  const moot = protection.steps.reduce((sum, { purpose, state, quantity, filled, denial }) => sum + (purpose === 'excess' && state === 'ENDED' && denial?.code === 'NO_POSITION' ? quantity - filled : 0), 0);
  return Math.max(0, excessQuantity(protection) - moot);
}

function toldOf(protection: Protection, excess: number, tries: number, rules: PlanRules): readonly Notice[] {
  if (tries === 0) return [notice('protectionFailed', 'critical', `excess ${protection.lastStep}`, `${excess} more was closed than was held, because two exits filled; the excess is given back.`)];
  return tries === rules.maxAttempts ? [slow(protection, excess, 'given back', rules)] : [];
}

function exit(protection: Protection, now: EpochMs, rules: PlanRules): Planned {
  const freed = takeBack(protection, (step) => step.purpose === 'hold' && !isActing(protection, now, rules));
  if (freed.steps.some(({ state }) => state !== 'ENDED')) return heldUp(waited(freed, now, rules), now);
  const quantity = remainingQuantity(freed);
  // What was too much is owed until it is given back: its owner watches for as long.
  if (quantity === 0) return { next: owedBack(freed) > 0 ? freed : { ...freed, status: 'DONE' }, notices: [] };
  if (!rules.marketOpen || isTooEarly(freed, now)) return { next: freed, notices: [] };
  if (freed.attempts >= rules.maxAttempts && isFinal(freed)) return failed(freed, quantity, 'closed');
  const told = freed.attempts === rules.maxAttempts ? [slow(freed, quantity, 'closed', rules)] : [];
  const rung = Math.min(freed.rested ?? 0, EXIT_LADDER.steps);
  const next = withSteps(prune(freed), quantity, rules, (step, units) => ({ step, purpose: 'exit', quantity: units, filled: 0, state: 'WANTED', wantedAt: now, ...(rung === 0 ? {} : { rung }) }));
  return { next: { ...next, attempts: freed.attempts + 1, retryAt: now + waitAfter(freed.attempts, rules) }, notices: told };
}

/** What rests for too long is taken back, and the next round reaches one step further through the market; what closes a position that is closed already is taken back as well. */
function waited(protection: Protection, now: EpochMs, rules: PlanRules): Protection {
  const isLate = protection.steps.some((step) => step.purpose === 'exit' && step.cancelWanted !== true && isOverdue(step, now, rules));
  const next = takeBack(protection, (step) => isOverdue(step, now, rules) || (protection.exitReason === 'closed' && step.purpose === 'exit'));
  return isLate ? { ...next, rested: (protection.rested ?? 0) + 1 } : next;
}

/** What is watched again, because more of its entry filled, waits anew when it exits the next time. */
function notWaiting(protection: Protection): Protection {
  if (protection.exitingSince === undefined) return protection;
  const anew = { ...protection };
  delete anew.exitingSince;
  delete anew.waitTold;
  return anew;
}

/** A stop at the broker whose end is not proven keeps the exit waiting: it may still fill. People are told once. */
function heldUp(protection: Protection, now: EpochMs): Planned {
  const { exitingSince, waitTold, steps } = protection;
  const hold = steps.find(({ purpose, state }) => purpose === 'hold' && state !== 'ENDED');
  if (hold === undefined || waitTold === true || exitingSince === undefined || now - exitingSince < HELD_UP_MS) return { next: protection, notices: [] };
  const told = notice('protectionFailed', 'critical', `waits ${hold.step}`, `The exit waits: the stop at the broker (order ${hold.orderId ?? 'not known yet'}, ${hold.orderStatus ?? 'not sent'}) keeps the units, and its end is not proven. Look into the order book of your broker.`);
  return { next: { ...protection, waitTold: true }, notices: [told] };
}

function isTooEarly({ retryAt }: Protection, now: EpochMs): boolean {
  return retryAt !== undefined && now < retryAt;
}

/** Further and further apart, then evenly spaced, for as long as it takes. */
function waitAfter(attempts: number, { maxAttempts, retryMs, slowMs }: PlanRules): number {
  return attempts >= maxAttempts ? slowMs : retryMs * (attempts + 1);
}

function isFinal({ steps }: Protection): boolean {
  const code = steps.at(-1)?.denial?.code;
  return code !== undefined && FINAL.has(code);
}

/** Stops at the broker that have begun to fill get the time to finish, all of them: each is one order of what has to close. */
function isActing({ exitReason, crossedAt, steps }: Protection, now: EpochMs, rules: PlanRules): boolean {
  return exitReason === 'stop' && crossedAt !== undefined && now - crossedAt < rules.chaseMs && steps.some(({ purpose, filled }) => purpose === 'hold' && filled > 0);
}

function failed(protection: Protection, quantity: number, what: 'closed' | 'given back'): Planned {
  const denial = protection.steps.at(-1)?.denial;
  return {
    next: { ...protection, status: 'FAILED', ...(denial === undefined ? {} : { denial }) },
    notices: [notice('protectionFailed', 'critical', `failed ${protection.lastStep}`, `${quantity} could not be ${what} after several attempts: ${whyOf(protection)} Look at the position and close it by hand.`)],
  };
}

/** A person is called, and it goes on. */
function slow(protection: Protection, quantity: number, what: 'closed' | 'given back', { slowMs }: PlanRules): Notice {
  return notice('protectionFailed', 'critical', `slow ${protection.lastStep}`, `${quantity} could not be ${what} after several attempts: ${whyOf(protection)} It is tried again every ${slowMs / SECOND_MS} s; look at the position.`);
}

function whyOf({ steps }: Protection): string {
  return steps.at(-1)?.denial?.message ?? 'the orders did not fill.';
}

/** Rests unfilled for too long. One whose outcome nobody knows is not touched: it is looked up. */
function isOverdue({ purpose, state, sentAt, orderStatus }: ProtectionStep, now: EpochMs, rules: PlanRules): boolean {
  return purpose !== 'hold' && state === 'SENT' && orderStatus !== 'UNKNOWN' && orderStatus !== 'SUBMITTING' && now - (sentAt ?? now) >= rules.chaseMs;
}
