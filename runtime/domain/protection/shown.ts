import { roundToTick } from '../instrument';
import type { Instrument } from '../market';
import type { Money } from '../money';
import { closingAction, openingAction, type Protection } from './protection';

/** Stop and target as prices that can be traded. */
export interface ShownLevels {
  readonly stop?: Money;
  readonly target?: Money;
}

/**
 * The first prices on the tick at which a protection acts, which is where its exact levels lead to: a long's stop lies at its level or the tick below it and its target
 * at its level or the tick above, a short's the other way round. Where nobody knows the instrument any more, the levels themselves.
 */
export function shownLevels(protection: Pick<Protection, 'direction' | 'stopLevel' | 'targetLevel'>, instrument: Instrument | undefined): ShownLevels {
  const { stopLevel, targetLevel } = protection;
  const on = (level: Money, action: 'BUY' | 'SELL'): Money => (instrument === undefined ? level : roundToTick(instrument, level, action));
  return {
    ...(stopLevel === undefined ? {} : { stop: on(stopLevel, closingAction(protection)) }),
    ...(targetLevel === undefined ? {} : { target: on(targetLevel, openingAction(protection)) }),
  };
}
