import { z } from 'zod';
import { deny, ok, type Outcome } from './denial';
import type { Action } from './order';

/** What a flow may ask for: a side, or the end of what its strategy holds. EXIT_LONG and EXIT_SHORT end that side only. */
export const OrderAction = z.enum(['BUY', 'SELL', 'EXIT', 'EXIT_LONG', 'EXIT_SHORT']);
export type OrderAction = z.infer<typeof OrderAction>;

/** What people write for an exit. */
export const EXIT_WORDS: Readonly<Record<string, 'EXIT' | 'EXIT_LONG' | 'EXIT_SHORT'>> = {
  EXIT: 'EXIT', CLOSE: 'EXIT', FLAT: 'EXIT', EXIT_LONG: 'EXIT_LONG', CLOSE_LONG: 'EXIT_LONG', EXIT_SHORT: 'EXIT_SHORT', CLOSE_SHORT: 'EXIT_SHORT',
};

/** An action as an item has it: in any case, and an exit in other words as well. */
export const ActionWord = z.preprocess((value) => {
  const word = typeof value === 'string' ? value.trim().toUpperCase() : '';
  return EXIT_WORDS[word] ?? (OrderAction.safeParse(word).success ? word : value);
}, OrderAction.optional());

/** Which positions a flow may open. `exitsOnly`: none; two gates that allow different sides come to it. */
export const AllowedDirection = z.enum(['both', 'longOnly', 'shortOnly', 'exitsOnly']);
export type AllowedDirection = z.infer<typeof AllowedDirection>;

/** An exit: with an `action` it closes only a position that this action closes. */
export interface ExitWish {
  readonly action?: Action;
}

/** The exit that an action is: by its own word, or because on its side nothing may be opened. Undefined where it may open a position. */
export function exitOf(action: OrderAction, direction: AllowedDirection): ExitWish | undefined {
  switch (action) {
    case 'EXIT': return {};
    case 'EXIT_LONG': return { action: 'SELL' };
    case 'EXIT_SHORT': return { action: 'BUY' };
    case 'BUY': case 'SELL': return onlyCloses(action, direction) ? { action } : undefined;
  }
}

/** True for the words that ask for an exit whatever may be opened. */
export function isExitAction(action: OrderAction | undefined): action is 'EXIT' | 'EXIT_LONG' | 'EXIT_SHORT' {
  return action !== undefined && action !== 'BUY' && action !== 'SELL';
}

/** True where an order of this side may only make a position smaller. */
export function onlyCloses(action: Action, direction: AllowedDirection): boolean {
  return direction === 'exitsOnly' || direction === (action === 'SELL' ? 'longOnly' : 'shortOnly');
}

/** What both allow. */
export function tighterDirection(one: AllowedDirection, other: AllowedDirection): AllowedDirection {
  if (one === other || other === 'both') return one;
  return one === 'both' ? other : 'exitsOnly';
}

/** A direction as an item has it. One that can not be read is refused: it may have been the tighter one. */
export function directionIn(value: unknown): Outcome<AllowedDirection> {
  const read = AllowedDirection.safeParse(value ?? 'both');
  return read.success ? ok(read.data) : deny('INVALID_FIELD', `The item's direction is none of ${AllowedDirection.options.join(', ')}.`, { field: 'direction', remedy: 'Call a field of your own something else.' });
}
