import { asMoney, type Money } from '../money';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../time';
import type { Protection } from './protection';
import { amountOf, baseStop, gainAt, targetPrice, tighter, towardsProfit, type Direction, type ProtectionTerms } from './terms';

/** The better of two prices for a position of this direction. */
function better(direction: Direction, a: Money | undefined, b: Money): Money {
  if (a === undefined) return b;
  return direction === 'LONG' ? asMoney(Math.max(a, b)) : asMoney(Math.min(a, b));
}

/** Where the stop wants to be once `best` was seen; undefined where nothing moves it. */
export function trailedStop(terms: ProtectionTerms, direction: Direction, entry: Money, best: Money): Money | undefined {
  const gain = gainAt(direction, entry, best);
  return tighter(direction, trailing(terms, direction, entry, best, gain), breakEven(terms, direction, entry, gain));
}

function trailing(terms: ProtectionTerms, direction: Direction, entry: Money, best: Money, gain: number): Money | undefined {
  const rule = terms.trailing;
  if (rule === undefined || (rule.activation !== undefined && gain < rule.activation)) return undefined;
  if (rule.by !== 'steps') return towardsProfit(direction, best, -amountOf(rule, best));
  const base = baseStop(terms, direction, entry);
  return base === undefined ? undefined : towardsProfit(direction, base, rule.step * (1 + Math.floor((gain - rule.activation) / rule.step)));
}

function breakEven({ breakEven: rule }: ProtectionTerms, direction: Direction, entry: Money, gain: number): Money | undefined {
  return rule === undefined || gain < amountOf(rule.after, entry) ? undefined : towardsProfit(direction, entry, rule.offset);
}

/** Levels of an entry that filled (further) at `entry` on average. A stop that stands is never loosened by a better average. */
export function withEntry(protection: Protection, entry: Money, now: EpochMs): Protection {
  const { terms, direction } = protection;
  const stop = tighter(direction, protection.stopLevel, tighter(direction, baseStop(terms, direction, entry), trailedStop(terms, direction, entry, better(direction, protection.best, entry))));
  const target = targetPrice(terms, direction, entry);
  const timeStopAt = protection.timeStopAt ?? timeStopOf(terms, now);
  return {
    ...protection, entryPrice: entry, best: better(direction, protection.best, entry),
    ...(stop === undefined ? {} : { stopLevel: stop }),
    ...(target === undefined ? {} : { targetLevel: target }),
    ...(timeStopAt === undefined ? {} : { timeStopAt }),
  };
}

/** India is five and a half hours ahead, all year. */
const INDIA_OFFSET_MS = 330 * MINUTE_MS;

/** When the time stop is, for an entry that first filled at `now`. */
function timeStopOf({ timeStop }: ProtectionTerms, now: EpochMs): EpochMs | undefined {
  switch (timeStop?.by) {
    case undefined: return undefined;
    case 'moment': return timeStop.at;
    case 'duration': return now + timeStop.durationMs;
    case 'timeOfDay': {
      const midnight = Math.floor((now + INDIA_OFFSET_MS) / DAY_MS) * DAY_MS - INDIA_OFFSET_MS;
      const today = midnight + timeStop.minutes * MINUTE_MS;
      return today > now ? today : today + DAY_MS;
    }
  }
}

/** Best price and stop after a price was seen. The stop only ever tightens. */
export function withPrice(protection: Protection, price: Money): Protection {
  const { terms, direction, entryPrice } = protection;
  const best = better(direction, protection.best, price);
  if (entryPrice === undefined || best === protection.best) return protection;
  const stop = tighter(direction, protection.stopLevel, trailedStop(terms, direction, entryPrice, best));
  return { ...protection, best, ...(stop === undefined ? {} : { stopLevel: stop }) };
}

/** Which level a price has reached, if any. The stop is asked first. */
export function reached({ direction, stopLevel, targetLevel }: Pick<Protection, 'direction' | 'stopLevel' | 'targetLevel'>, price: Money): 'stop' | 'target' | undefined {
  if (stopLevel !== undefined && gainAt(direction, stopLevel, price) <= 0) return 'stop';
  if (targetLevel !== undefined && gainAt(direction, targetLevel, price) >= 0) return 'target';
  return undefined;
}
