/**
 * Money and prices as ledgers hold them: a whole number of 1/10000 of the currency unit.
 * Four decimals are the finest tick any Indian segment quotes (currency derivatives, 0.0025).
 */
declare const moneyUnit: unique symbol;
export type Money = number & { readonly [moneyUnit]: 'ten-thousandths' };

export const MONEY_SCALE = 10_000;

/** The amount nearest to `units` (rupees); halves go away from zero. Throws a RangeError when it is not a finite, exactly storable amount. */
export function toMoney(units: number): Money {
  const scaled = Math.sign(units) * Math.round(Math.abs(units) * MONEY_SCALE);
  return asMoney(scaled);
}

/** The amount in currency units (rupees), for people and for envelopes. */
export function fromMoney(amount: Money): number {
  return amount / MONEY_SCALE;
}

/** `amount` times a whole quantity, exactly. */
export function timesQuantity(amount: Money, quantity: number): Money {
  return asMoney(amount * quantity);
}

/** A stored integer as money. Throws a RangeError for anything but a safe integer. */
export function asMoney(value: number): Money {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not an exact amount of money: ${value}`);
  return (value === 0 ? 0 : value) as Money;
}

export const ZERO_MONEY = asMoney(0);
