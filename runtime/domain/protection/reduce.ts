import type { Denial } from '../denial';
import { fromMoney, type Money } from '../money';
import type { OrderStatus } from '../order';
import type { EpochMs } from '../time';
import { endOfHold, MOST_UNRESTED, openHolds, REST_AGAIN_MS, restAgainAfter, type StopRoom } from './heldStop';
import { reached, withEntry, withPrice } from './levels';
import { finished, notice, type Notice, type Reduced } from './outcome';
import { plan, RULES, type PlanRules } from './plan';
import { takeBack } from './steps';
import { closedQuantity, excessQuantity, isLive, netClosed, netStopped, remainingQuantity, type Protection, type ProtectionStep } from './protection';

/** A price of the protected instrument. */
export interface SeenPrice {
  readonly last: Money;
  readonly at: EpochMs;
}

/** What the entry has come to. */
export interface EntryReport {
  readonly filled: number;
  /** Average of the fills; absent before the first. */
  readonly averagePrice?: Money;
  /** True when no more of it can fill, late reports apart. */
  readonly ended: boolean;
}

/** What became of one step. */
export interface StepReport {
  readonly step: number;
  readonly state: 'SENT' | 'ENDED';
  readonly filled: number;
  readonly orderId?: string;
  readonly orderStatus?: OrderStatus;
  readonly denial?: Denial;
  /** Of a hold: what the broker has confirmed. */
  readonly confirmed?: { readonly price: Money; readonly quantity: number };
  /** Of a hold that has ended: it made way for another order, or its day is over. */
  readonly gone?: boolean;
  /** Of a hold: the broker will not move it. */
  readonly unmoved?: boolean;
}

/** A price moves the trail, and may meet a level. A stale one (older than `maxAgeMs`), and one older than what was seen, says nothing. */
export function onPrice(protection: Protection, price: SeenPrice, now: EpochMs, maxAgeMs: number, rules: PlanRules = RULES): Reduced {
  if (protection.status !== 'ACTIVE' || now - price.at > maxAgeMs || price.at < (protection.priceAt ?? 0)) return finished(protection, protection, now);
  const level = reached(protection, price.last);
  if (level === 'stop' && openHolds(protection).length > 0) return finished(protection, crossed(protection, price, now), now);
  if (level !== undefined) return leave(protection, { ...protection, priceAt: price.at }, level, now, rules, price.last);
  const { crossedAt, ...uncrossed } = protection;
  const moved = withPrice(crossedAt === undefined ? protection : uncrossed, price.last);
  if (moved === protection) return finished(protection, protection, now);
  const next = plan({ ...moved, priceAt: price.at }, now, rules).next;
  const trailed = next.stopLevel !== protection.stopLevel && next.stopLevel !== undefined;
  return finished(protection, next, now, trailed ? [notice('trailMoved', 'info', `stop ${next.stopLevel}`, `The stop moved to ${fromMoney(next.stopLevel)}.`)] : []);
}

/** The broker has to act on its own stop; the runtime takes over after a grace. */
function crossed(protection: Protection, price: SeenPrice, now: EpochMs): Protection {
  return protection.crossedAt === undefined ? { ...protection, crossedAt: now, priceAt: price.at } : protection;
}

/**
 * The entry filled, or ended. What has filled is protected at once; a fill that comes after the end is a fact all the same.
 * It is booked in the transaction that books the fill and plans nothing: the owner does, with `onClock`.
 */
export function onFill(protection: Protection, { filled, averagePrice, ended }: EntryReport, now: EpochMs): Reduced {
  const entryEnded = protection.entryEnded || ended;
  const covered = Math.min(Math.max(0, filled - (protection.closesFirst ?? 0)), protection.quantity);
  if (covered > protection.filled && averagePrice !== undefined) {
    // What a person has taken the protection from stays without.
    const writtenOff = protection.cancelledBy === 'person' ? protection.writtenOff + covered - protection.filled : protection.writtenOff;
    const levelled = withEntry({ ...protection, filled: covered, entryEnded, writtenOff }, averagePrice, now);
    return finished(protection, { ...levelled, status: statusAfterEntry(protection) }, now);
  }
  if (entryEnded === protection.entryEnded) return finished(protection, protection, now);
  if (protection.status === 'PENDING' && protection.filled === 0) return finished(protection, { ...protection, entryEnded, status: 'CANCELLED', cancelledBy: 'entry' }, now);
  return finished(protection, { ...protection, entryEnded }, now);
}

/** What a person took away stays away; what had begun to exit goes on exiting. */
function statusAfterEntry({ status, cancelledBy, exitReason }: Protection): Protection['status'] {
  if (status === 'CANCELLED' && cancelledBy === 'person') return status;
  if (status === 'PENDING' || status === 'CANCELLED') return 'ACTIVE';
  if (status === 'DONE') return exitReason === undefined || exitReason === 'closed' ? 'ACTIVE' : 'EXITING';
  return status;
}

/** Time passes: the time stop, a stop at the broker that does not act, exits that rest too long. */
export function onClock(protection: Protection, now: EpochMs, rules: PlanRules = RULES): Reduced {
  const { status, timeStopAt, crossedAt } = protection;
  if (status === 'ACTIVE' && protection.filled > 0) {
    if (timeStopAt !== undefined && now >= timeStopAt) return leave(protection, protection, 'time', now, rules);
    if (crossedAt !== undefined && now - crossedAt >= rules.heldGraceMs) return leave(protection, protection, 'stop', now, rules);
  }
  const { next, notices } = plan(protection, now, rules);
  return finished(protection, next, now, notices);
}

/** What became of a step: its fills count whatever its state, and a report that knows less than is known already changes nothing. */
export function onExitReport(protection: Protection, report: StepReport, now: EpochMs, rules: PlanRules = RULES): Reduced {
  const known = protection.steps.find(({ step }) => step === report.step);
  if (known === undefined) return finished(protection, protection, now);
  const step = reported(known, report, now);
  if (step === known) return finished(protection, protection, now);
  const steps = protection.steps.map((other) => (other === known ? step : other));
  const filling = filledAtBroker({ ...protection, steps }, known, step, now);
  const ending = endedAtBroker(filling.next, known, step, report, now, rules);
  // Whoever makes progress is not at an end of patience; and what was refused beyond the market is tried at market again.
  const progress = known.purpose === 'exit' && step.filled > known.filled ? { attempts: 0 } : {};
  const refused = known.purpose === 'exit' && step.state === 'ENDED' && step.denial !== undefined ? { rested: 0 } : {};
  const { next, notices } = plan({ ...ending.next, ...progress, ...refused }, now, rules);
  return finished(protection, next, now, [...filling.notices, ...ending.notices, ...notices]);
}

interface Told {
  readonly next: Protection;
  readonly notices: readonly Notice[];
}

/** The broker has begun to fill its stop: that is the exit. */
function filledAtBroker(protection: Protection, known: ProtectionStep, step: ProtectionStep, now: EpochMs): Told {
  if (known.purpose !== 'hold' || step.filled <= known.filled || protection.status !== 'ACTIVE') return { next: protection, notices: [] };
  return {
    next: { ...protection, status: 'EXITING', exitReason: 'stop', crossedAt: protection.crossedAt ?? now },
    notices: [notice('stopHit', 'warning', 'stopHit', `The stop at the broker filled ${step.filled} of ${step.quantity}.`)],
  };
}

/** A stop at the broker that has ended, or will not move. One that its own protection took back is no loss. */
function endedAtBroker(protection: Protection, known: ProtectionStep, step: ProtectionStep, report: StepReport, now: EpochMs, rules: PlanRules): Told {
  if (known.purpose !== 'hold' || known.state === 'ENDED') return { next: protection, notices: [] };
  if (step.state !== 'ENDED') return { next: report.unmoved === true ? takeBack({ ...protection, restAgainAt: now + REST_AGAIN_MS }, (other) => other === step) : restsAgain(protection, step), notices: [] };
  if (step.filled >= step.quantity || step.cancelWanted === true) return { next: protection, notices: [] };
  if (endOfHold({ ...step, ...report }, rules.marketOpen) === 'away') return awayFromBroker(protection, step, report, now);
  const unheld = { ...protection, held: false, lostAt: now };
  delete unheld.seen;
  delete unheld.room;
  return {
    next: takeBack(unheld, ({ purpose }) => purpose === 'hold'),
    notices: [notice('protectionLost', 'critical', `hold ${step.step} ended`, `The stop at the broker is gone (${step.denial?.message ?? step.orderStatus ?? 'no reason given'}); the runtime watches instead.`)],
  };
}

/** One that the broker has taken ends the count of those that it has not. */
function restsAgain(protection: Protection, { orderStatus }: ProtectionStep): Protection {
  if (protection.unrested === undefined || (orderStatus !== 'TRIGGER_PENDING' && orderStatus !== 'OPEN')) return protection;
  const rested = { ...protection };
  delete rested.unrested;
  return rested;
}

/** It rests again a little later; one that is not taken again and again after longer and longer, and people are told that the runtime watches meanwhile. */
function awayFromBroker(protection: Protection, { denial }: ProtectionStep, { gone }: StepReport, now: EpochMs): Told {
  if (gone === true || denial === undefined) return { next: { ...protection, restAgainAt: now + REST_AGAIN_MS }, notices: [] };
  const unrested = (protection.unrested ?? 0) + 1;
  const told = unrested !== MOST_UNRESTED ? [] : [notice('protectionLost', 'critical', `unrested ${protection.lastStep}`, `The stop does not come to rest at the broker (${denial.message}); the runtime watches meanwhile.`)];
  return { next: { ...protection, unrested, restAgainAt: now + restAgainAfter(unrested - 1) }, notices: told };
}

/** A step's order filled (further): booked in the transaction that books the fill, and planned by the owner. What was too much needs an owner again. */
export function onStepFill(protection: Protection, step: number, filled: number, now: EpochMs): Reduced {
  const known = protection.steps.find((other) => other.step === step);
  if (known === undefined || filled <= known.filled) return finished(protection, protection, now);
  const booked = { ...known, filled };
  const { next, notices } = filledAtBroker({ ...protection, steps: protection.steps.map((other) => (other === known ? booked : other)) }, known, booked, now);
  const isOver = (next.status === 'DONE' || next.status === 'CANCELLED') && excessQuantity(next) > 0;
  return finished(protection, isOver ? { ...next, status: 'EXITING', exitReason: next.exitReason ?? 'closed' } : next, now, notices);
}

/** Who watches is decided while nothing has been sent yet, and anew on a day after the broker was given up as the holder (`isNewDay`). */
export function onHolder(protection: Protection, { held, isNewDay }: { readonly held: boolean; readonly isNewDay: boolean }, now: EpochMs): Reduced {
  const isOpen = protection.lastStep === 0 || (protection.lostAt !== undefined && isNewDay);
  const decides = protection.held !== held && isOpen && (protection.status === 'PENDING' || protection.status === 'ACTIVE');
  if (!decides) return finished(protection, protection, now);
  const anew = { ...protection, held };
  delete anew.lostAt;
  delete anew.unrested;
  return finished(protection, anew, now);
}

/** How much of the position a stop at the broker may rest with, and what it may close. Said of a state that is past by now it changes nothing. */
export function onRoom(protection: Protection, { open, room, filled, closed }: StopRoom, now: EpochMs, rules: PlanRules = RULES): Reduced {
  // What was taken away, or closed by somebody else, has no share any more; while something is given back the position is not what it will be.
  const { status, exitReason } = protection;
  const isWatched = status === 'ACTIVE' || (status === 'EXITING' && exitReason !== 'closed');
  const isPast = protection.filled !== filled || netClosed(protection) !== closed || protection.steps.some(({ purpose, state }) => purpose === 'excess' && state !== 'ENDED');
  const { seen } = protection;
  const isKnown = protection.room === room && seen?.open === open && seen.filled === filled && seen.closed === closed;
  if (!protection.held || !isWatched || isPast || isKnown || excessQuantity(protection) > 0) return finished(protection, protection, now);
  const { next, notices } = plan({ ...protection, room, seen: { open, filled, closed, stopped: netStopped(protection) } }, now, rules);
  return finished(protection, next, now, notices);
}

function reported(known: ProtectionStep, report: StepReport, now: EpochMs): ProtectionStep {
  const filled = Math.max(known.filled, report.filled);
  const state = known.state === 'ENDED' ? 'ENDED' : report.state;
  const sameConfirmation = report.confirmed === undefined || (report.confirmed.price === known.confirmedPrice && report.confirmed.quantity === known.confirmedQuantity);
  const same = report.unmoved !== true && filled === known.filled && state === known.state && (report.orderStatus ?? known.orderStatus) === known.orderStatus && (report.orderId ?? known.orderId) === known.orderId && sameConfirmation;
  if (same) return known;
  return {
    ...known, filled, state,
    ...(known.sentAt === undefined ? { sentAt: now } : {}),
    ...(report.orderId === undefined ? {} : { orderId: report.orderId }),
    ...(report.orderStatus === undefined ? {} : { orderStatus: report.orderStatus }),
    ...(report.denial === undefined ? {} : { denial: report.denial }),
    // The admission may have found less room than was thought; an order does not grow.
    ...(report.confirmed === undefined ? {} : { quantity: Math.min(known.quantity, report.confirmed.quantity), confirmedPrice: report.confirmed.price, confirmedQuantity: report.confirmed.quantity }),
  };
}

/**
 * `open`: units of the strategy's position in the protected direction, as they were when `filled` of the entry was known: what filled since is not among them.
 * None left, and nothing of ours under way: somebody else closed it.
 */
export function onPosition(protection: Protection, { open, filled }: { readonly open: number; readonly filled: number }, now: EpochMs, rules: PlanRules = RULES): Reduced {
  const underWay = protection.steps.some(({ state, purpose }) => state !== 'ENDED' && purpose !== 'hold');
  if (!isLive(protection) || protection.filled === 0 || protection.filled !== filled || open > 0 || underWay) return finished(protection, protection, now);
  const writtenOff = Math.max(0, protection.filled - closedQuantity(protection));
  const isKnown = protection.status !== 'ACTIVE' && writtenOff === protection.writtenOff;
  const released: Protection = isKnown ? protection : { ...protection, writtenOff, ...(protection.status === 'ACTIVE' ? { status: 'EXITING' as const, exitReason: 'closed' as const } : {}) };
  const { next, notices } = plan(released, now, rules);
  return finished(protection, next, now, notices);
}

/** The price is given where one made it leave. */
function leave(before: Protection, protection: Protection, exitReason: 'stop' | 'target' | 'time', now: EpochMs, rules: PlanRules, price?: Money): Reduced {
  const said = { stop: 'The stop was hit', target: 'The target was reached', time: 'The time is over' }[exitReason];
  const told = notice(exitReason === 'target' ? 'targetHit' : 'stopHit', 'warning', exitReason, `${said}${price === undefined ? '' : ` at ${fromMoney(price)}`}: closing ${remainingQuantity(protection)}.`);
  const { next, notices } = plan({ ...protection, status: 'EXITING', exitReason }, now, rules);
  return finished(before, next, now, [told, ...notices]);
}
