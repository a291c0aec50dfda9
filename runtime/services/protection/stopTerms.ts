import { roundToTick } from '../../domain/instrument';
import type { Instrument } from '../../domain/market';
import { asMoney, type Money } from '../../domain/money';
import type { Action } from '../../domain/order';

/** How far beyond its trigger the limit of an option's stop lies. One that the market jumps over rests, and the runtime closes at market after its grace. */
const OPTION_LIMIT_PERCENT = 10;

/** How a stop rests at a broker. */
export interface StopTerms {
  readonly orderType: 'SL' | 'SL-M';
  readonly triggerPrice: Money;
  readonly limitPrice?: Money;
}

/** A stop is an SL-M order; India's exchanges take none in options, where it is an SL with a limit well beyond the trigger. Prices lie on the tick. */
export function stopTerms(instrument: Instrument, level: Money, action: Action): StopTerms {
  const triggerPrice = roundToTick(instrument, level, action);
  if (instrument.segment !== 'option') return { orderType: 'SL-M', triggerPrice };
  const beyond = Math.round((triggerPrice * (action === 'SELL' ? 100 - OPTION_LIMIT_PERCENT : 100 + OPTION_LIMIT_PERCENT)) / 100);
  return { orderType: 'SL', triggerPrice, limitPrice: roundToTick(instrument, asMoney(beyond), action) };
}
