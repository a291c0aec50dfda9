import { z } from 'zod';
import { Denial } from '../denial';
import { digest, intentKey, orderIdOf } from '../intentKey';
import type { InstrumentKey } from '../market';
import { asMoney } from '../money';
import { OrderStatus, Product, type Action, type Order, type Origin } from '../order';
import type { EpochMs } from '../time';
import { Direction, ProtectionTerms } from './terms';

/**
 * PENDING: the entry has not filled yet. ACTIVE: watched. EXITING: an exit is wanted or under way. DONE: nothing is left to protect.
 * FAILED: the exits were tried as often as is sensible; a person has to act. CANCELLED: the entry never filled, or somebody took the protection away.
 */
export const ProtectionStatus = z.enum(['PENDING', 'ACTIVE', 'EXITING', 'DONE', 'FAILED', 'CANCELLED']);
export type ProtectionStatus = z.infer<typeof ProtectionStatus>;

/** The one table of a protection's life. DONE and CANCELLED are left again only because a fill came late: fills are facts. */
const MOVES: Readonly<Record<ProtectionStatus, readonly ProtectionStatus[]>> = {
  PENDING: ['ACTIVE', 'CANCELLED'],
  ACTIVE: ['EXITING', 'DONE', 'CANCELLED'],
  EXITING: ['DONE', 'FAILED', 'CANCELLED'],
  FAILED: ['ACTIVE', 'EXITING', 'DONE', 'CANCELLED'],
  DONE: ['ACTIVE', 'EXITING', 'FAILED'],
  CANCELLED: ['ACTIVE', 'EXITING', 'FAILED'],
};

export function canTurn(from: ProtectionStatus, to: ProtectionStatus): boolean {
  return from === to || MOVES[from].includes(to);
}

/** What needs a living owner: the rest is over. */
export const LIVE_STATUSES: readonly ProtectionStatus[] = ['PENDING', 'ACTIVE', 'EXITING', 'FAILED'];

export function isLive({ status }: Pick<Protection, 'status'>): boolean {
  return LIVE_STATUSES.includes(status);
}

/** Why it exits. `closed`: the position was closed by somebody else, so only what rests at the broker is taken back. */
export const ExitReason = z.enum(['stop', 'target', 'time', 'closed']);
export type ExitReason = z.infer<typeof ExitReason>;

const MoneyField = z.int().transform(asMoney);
const At = z.int();

/**
 * One order of a protection, numbered: its intent has the protection's id as signal and the number as leg, so that no step is sent twice.
 * exit closes at market; hold is a stop that rests at the broker; excess gives back what was closed beyond the position.
 * WANTED: durable, perhaps not sent. SENT: the broker may have it. ENDED: nothing more comes of it, except a late fill.
 */
export const ProtectionStep = z.object({
  step: z.int().positive(),
  purpose: z.enum(['exit', 'hold', 'excess']),
  quantity: z.int().positive(),
  filled: z.int().nonnegative(),
  state: z.enum(['WANTED', 'SENT', 'ENDED']),
  wantedAt: At,
  orderId: z.string().exactOptional(),
  orderStatus: OrderStatus.exactOptional(),
  sentAt: At.exactOptional(),
  cancelWanted: z.boolean().exactOptional(),
  denial: Denial.exactOptional(),
  /** Of an exit: how far up the ladder of prices it stands. Absent: at market. */
  rung: z.int().positive().exactOptional(),
  /** Of a hold: where it shall rest, and where the broker has confirmed it. */
  triggerPrice: MoneyField.exactOptional(),
  confirmedPrice: MoneyField.exactOptional(),
  /** Of a hold: the quantity that the broker has confirmed. */
  confirmedQuantity: z.int().positive().exactOptional(),
});
export type ProtectionStep = Readonly<z.infer<typeof ProtectionStep>>;

/** A protected position, as it is stored: everything that a restart has to know. */
export const Protection = z.object({
  id: z.string().min(1),
  account: z.string(),
  strategyId: z.string(),
  instrument: z.custom<InstrumentKey>((value) => typeof value === 'string' && /^[A-Z_]+:.+$/.test(value), 'not an instrument key'),
  product: Product,
  direction: Direction,
  /** Most units it covers. */
  quantity: z.int().positive(),
  /** Units of the entry that have filled: never more is sold. */
  filled: z.int().nonnegative(),
  /** Units that somebody else closed, or took out of the protection. */
  writtenOff: z.int().nonnegative(),
  /** Units of the entry that close what was held on the other side before it opens anything: they fill first, and are not protected. Absent: none. */
  closesFirst: z.int().nonnegative().exactOptional(),
  /** The order it protects; absent for a position that was there already. */
  entryOrderId: z.string().exactOptional(),
  entryEnded: z.boolean(),
  /** The signal that led to the entry, or asked for the protection. */
  signalId: z.string(),
  entryPrice: MoneyField.exactOptional(),
  terms: ProtectionTerms,
  status: ProtectionStatus,
  exitReason: ExitReason.exactOptional(),
  /** Where the stop lies now; only ever moves towards profit by itself. */
  stopLevel: MoneyField.exactOptional(),
  targetLevel: MoneyField.exactOptional(),
  timeStopAt: At.exactOptional(),
  /** Best price seen since the entry. */
  best: MoneyField.exactOptional(),
  /** Time of the newest price that changed anything: an older one says nothing new. */
  priceAt: At.exactOptional(),
  /** Since when the price has been beyond a stop that rests at the broker. */
  crossedAt: At.exactOptional(),
  /** True when the broker holds stops and was asked to; false: the runtime watches. */
  held: z.boolean(),
  /** Of one whose stop the broker holds: units that stop may rest with, because nothing else is about to close them. Absent: not looked at yet. */
  room: z.int().nonnegative().exactOptional(),
  /** Of one whose stop the broker holds: what of the position was open when it was looked at last, and what had filled of the entry, of all its own orders, and of its stops until then. */
  seen: z.object({ open: z.int().nonnegative(), filled: z.int().nonnegative(), closed: z.int(), stopped: z.int() }).exactOptional(),
  /** A stop that made way for another order does not rest again before. */
  restAgainAt: At.exactOptional(),
  /** How often in a row a stop was not taken, for want of room or of time. */
  unrested: z.int().nonnegative().exactOptional(),
  /** When the broker was given up as the holder of the stop: until the next trading day. */
  lostAt: At.exactOptional(),
  /** Since when an exit is wanted; until its stops at the broker are proven gone it waits. */
  exitingSince: At.exactOptional(),
  /** People know that it waits. */
  waitTold: z.boolean().exactOptional(),
  steps: z.array(ProtectionStep).readonly(),
  /** Number of the last step. */
  lastStep: z.int().nonnegative(),
  /** Rounds of exits that ended unfilled. */
  attempts: z.int().nonnegative(),
  /** Rounds of exits since the last refusal that rested and were taken back: how far up the ladder of prices the next one begins. */
  rested: z.int().nonnegative().exactOptional(),
  /** Not tried again before. */
  retryAt: At.exactOptional(),
  cancelledBy: z.enum(['entry', 'person']).exactOptional(),
  denial: Denial.exactOptional(),
  createdAt: At,
  updatedAt: At,
});
export type Protection = Readonly<z.infer<typeof Protection>>;

/** A protection that is wanted with an entry: made in the transaction that admits the order. */
export interface ProtectionWish {
  readonly terms: ProtectionTerms;
}

/** The action that closes a position of this direction. */
export function closingAction({ direction }: Pick<Protection, 'direction'>): Action {
  return direction === 'LONG' ? 'SELL' : 'BUY';
}

export function openingAction({ direction }: Pick<Protection, 'direction'>): Action {
  return direction === 'LONG' ? 'BUY' : 'SELL';
}

/** Units that its own orders have closed. */
export function closedQuantity({ steps }: Pick<Protection, 'steps'>): number {
  return steps.reduce((sum, step) => sum + (step.purpose === 'excess' ? 0 : step.filled), 0);
}

/** Units still to be closed, were an exit wanted now; those with an order under way included. */
export function remainingQuantity(protection: Pick<Protection, 'steps' | 'filled' | 'writtenOff'>): number {
  return Math.max(0, protection.filled - protection.writtenOff - closedQuantity(protection));
}

/** Units that were closed although there was nothing left to close, less what has been given back or is about to be. */
export function excessQuantity(protection: Pick<Protection, 'steps' | 'filled' | 'seen'>): number {
  return Math.max(0, netClosed(protection) - protection.filled, stoppedTooMuch(protection));
}

/** Units that its own orders have closed, less what has been given back or is about to be. */
export function netClosed(protection: Pick<Protection, 'steps'>): number {
  return closedQuantity(protection) - protection.steps.reduce((sum, step) => sum + (step.purpose !== 'excess' ? 0 : step.state === 'ENDED' ? step.filled : step.quantity), 0);
}

/** Units that its stops at the broker have closed, less what has been given back or is about to be. Its other exits are capped by the admission. */
export function netStopped({ steps }: Pick<Protection, 'steps'>): number {
  return netClosed({ steps }) - steps.reduce((sum, step) => sum + (step.purpose === 'exit' ? step.filled : 0), 0);
}

/** What its stops at the broker have closed since the last look beyond what others had left of the position: they may fill before they can be made smaller. */
function stoppedTooMuch({ steps, filled, seen }: Pick<Protection, 'steps' | 'filled' | 'seen'>): number {
  return seen === undefined ? 0 : netStopped({ steps }) - seen.stopped - (filled - seen.filled) - seen.open;
}

/** How much of an entry is worth protecting: what it opens, not what it closes. */
export function protectedPart(held: number, action: Action, quantity: number): Pick<Protection, 'direction' | 'quantity' | 'closesFirst'> | undefined {
  const after = action === 'BUY' ? held + quantity : held - quantity;
  const opened = action === 'BUY' ? Math.min(quantity, after) : Math.min(quantity, -after);
  if (opened <= 0) return undefined;
  return { direction: action === 'BUY' ? 'LONG' : 'SHORT', quantity: opened, ...(opened === quantity ? {} : { closesFirst: quantity - opened }) };
}

type Made = Pick<Protection, 'id' | 'account' | 'strategyId' | 'instrument' | 'product' | 'direction' | 'quantity' | 'closesFirst' | 'signalId' | 'terms'>;

/** The node that protection's intents come from. */
export const PROTECTION_NODE = 'protection';

/** True for an order that is a protection's stop at the broker, resting there until its trigger is met. */
export function isHeldStop({ nodeKey, triggerPrice }: Pick<Order, 'nodeKey' | 'triggerPrice'>): boolean {
  return nodeKey === PROTECTION_NODE && triggerPrice !== undefined;
}

/** Who acts when a protection does: its id is the signal, the step's number the leg. */
export function originOf({ account, strategyId, id }: Pick<Protection, 'account' | 'strategyId' | 'id'>): Origin {
  return { account, strategyId, nodeKey: PROTECTION_NODE, signalId: id };
}

/** The id of a step's order, whether it was sent or not. */
export function stepOrderId(protection: Pick<Protection, 'account' | 'strategyId' | 'id' | 'instrument'>, step: number): string {
  return orderIdOf(intentKey({ ...originOf(protection), instrument: protection.instrument, leg: step, purpose: 'exit' }));
}

/** The id of the protection that an order asked for: known from the order alone, so that asking twice makes one. */
export function protectionIdOf(orderId: string): string {
  return `pr${digest(['protection', orderId]).slice(0, 18)}`;
}

/** The protection of an entry that has not filled yet. */
export function pendingProtection(made: Made, entry: Pick<Order, 'id'>, at: EpochMs): Protection {
  return { ...made, filled: 0, writtenOff: 0, entryOrderId: entry.id, entryEnded: false, status: 'PENDING', held: false, steps: [], lastStep: 0, attempts: 0, createdAt: at, updatedAt: at };
}

/** The protection of a position that is there already, measured from `entryPrice`. It becomes active with `onFill`. */
export function standingProtection(made: Made, at: EpochMs): Protection {
  return { ...made, filled: 0, writtenOff: 0, entryEnded: false, status: 'PENDING', held: false, steps: [], lastStep: 0, attempts: 0, createdAt: at, updatedAt: at };
}
