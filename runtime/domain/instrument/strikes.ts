import { toMoney, type Money } from '../money';

/** Distance of neighbouring strikes in rupees where no master says it: NSE's and BSE's index options. */
const STEPS: Readonly<Record<string, number>> = {
  'NFO:NIFTY': 50, 'NFO:BANKNIFTY': 100, 'NFO:FINNIFTY': 50, 'NFO:MIDCPNIFTY': 25, 'NFO:NIFTYNXT50': 100, 'BFO:SENSEX': 100, 'BFO:BANKEX': 100,
};

/** Strikes of an index around a price by the rule of its step, `each` on both sides; undefined where no rule is known. */
export function ruleStrikes(exchange: string, base: string, price: Money, each: number): readonly Money[] | undefined {
  const rupees = STEPS[`${exchange}:${base}`];
  if (rupees === undefined) return undefined;
  const step = toMoney(rupees);
  const middle = Math.floor(price / step);
  const count = 2 * each + 2;
  return Array.from({ length: count }, (_, index) => middle - each + index).filter((steps) => steps > 0).map((steps) => toMoney(steps * rupees));
}

/** The strike nearest to a price; of two the lower. Undefined for an empty list. `strikes` ascend. */
export function nearestStrike(strikes: readonly Money[], price: Money): Money | undefined {
  return strikes[nearestIndex(strikes, price)];
}

/** The nearest strike with up to `each` neighbours on both sides, ascending. */
export function strikesAround(strikes: readonly Money[], price: Money, each: number): readonly Money[] {
  const index = nearestIndex(strikes, price);
  return strikes.slice(Math.max(0, index - each), index + each + 1);
}

function nearestIndex(strikes: readonly Money[], price: Money): number {
  let best = 0;
  for (const [index, strike] of strikes.entries()) {
    if (Math.abs(strike - price) < Math.abs((strikes[best] ?? strike) - price)) best = index;
  }
  return best;
}
