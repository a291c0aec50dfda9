import { deny, ok, type Outcome } from '../denial';
import { fromMoney, type Money } from '../money';
import type { EpochMs } from '../time';
import { reached, trailedStop } from './levels';
import { finished, type Reduced } from './outcome';
import { closedQuantity, isLive, type Protection } from './protection';
import { baseStop, gainAt, targetPrice, tighter, type Level, type ProtectionTerms, type Trailing } from './terms';

/** What a person or a flow wants changed of a protection. Distances are measured from the price now. */
export interface ProtectionRevision {
  readonly stop?: Level;
  readonly target?: Level;
  readonly trailing?: Trailing;
  /** True lets the stop move away from the price; a stop only tightens otherwise. */
  readonly loosen?: boolean;
}

/** Moves stop and target, or trails from now on. Refused where the stop would be met at once, or would loosen without leave. */
export function revised(protection: Protection, { stop, target, trailing, loosen = false }: ProtectionRevision, price: Money, now: EpochMs): Outcome<Reduced> {
  const { direction, entryPrice, id } = protection;
  if (!isLive(protection) || protection.status === 'EXITING') return deny('NOT_FOUND', `The protection ${id} is ${protection.status}: it can not be changed any more.`);
  const terms: ProtectionTerms = {
    ...protection.terms,
    ...(stop === undefined ? {} : { stop: priceOf(baseStop({ stop }, direction, price)) ?? stop }),
    ...(target === undefined ? {} : { target: priceOf(targetPrice({ target }, direction, price)) ?? target }),
    ...(trailing === undefined ? {} : { trailing }),
  };
  // What waits for its entry gets its levels when it fills.
  if (entryPrice === undefined) return ok(finished(protection, { ...protection, terms }, now));
  const wanted = stop === undefined ? protection.stopLevel : baseStop(terms, direction, entryPrice);
  if (!loosen && wanted !== undefined && protection.stopLevel !== undefined && gainAt(direction, protection.stopLevel, wanted) < 0) {
    return deny('INVALID_FIELD', `The stop stands at ${fromMoney(protection.stopLevel)}; ${fromMoney(wanted)} would loosen it.`, { field: 'stop', limit: fromMoney(protection.stopLevel), value: fromMoney(wanted), remedy: 'Allow loosening if that is meant.' });
  }
  const stopLevel = tighter(direction, wanted, trailedStop(terms, direction, entryPrice, price));
  const targetLevel = target === undefined ? protection.targetLevel : targetPrice(terms, direction, entryPrice);
  const next: Protection = {
    ...protection, terms, best: price, status: protection.status === 'FAILED' ? 'ACTIVE' : protection.status, attempts: 0,
    ...(stopLevel === undefined ? {} : { stopLevel }), ...(targetLevel === undefined ? {} : { targetLevel }),
  };
  const met = reached(next, price);
  if (met !== undefined) return deny('INVALID_FIELD', `The ${met} would be met at once: the price is ${fromMoney(price)}.`, { field: met, limit: fromMoney(price), value: fromMoney((met === 'stop' ? stopLevel : targetLevel) ?? price) });
  return ok(finished(protection, next, now));
}

function priceOf(price: Money | undefined): Level | undefined {
  return price === undefined ? undefined : { by: 'price', price };
}

/** Takes a protection away. What rests at the broker is taken back first, so that its owner is needed until that is proven. */
export function cancelled(protection: Protection, now: EpochMs): Reduced {
  if (!isLive(protection)) return finished(protection, protection, now);
  const open = protection.steps.some(({ state }) => state !== 'ENDED');
  const released = { ...protection, cancelledBy: 'person', writtenOff: Math.max(0, protection.filled - closedQuantity(protection)) } as const;
  return finished(protection, open ? { ...released, status: 'EXITING', exitReason: 'closed' } : { ...released, status: 'CANCELLED' }, now);
}
