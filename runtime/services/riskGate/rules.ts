import { dayLoss, percentOfCapital } from '../../domain/dayLoss';
import { fromMoney } from '../../domain/money';
import { plainNumber } from '../../domain/plainNumber';
import type { RiskLimits } from '../../domain/risk';
import { commitmentOf } from './commitment';
import { orderPrice, type GateFacts } from './facts';
import { refusal, type Rule } from './rule';
import { reEntry } from './reEntry';
import { accountArmed, brokerWell, exitsOnly, explained, limitsReadable, runtimeWell, squareOff } from './controls';

const killSwitch: Rule = {
  name: 'kill switch', entriesOnly: true,
  check: ({ state }) => (state.killSwitch ? refusal('KILL_SWITCH', 'The kill switch is on: no new entries.', { limit: 'off', value: 'on', remedy: 'Clear it with `bellwether rearm` when you are ready.' }) : undefined),
};

const resolved: Rule = {
  name: 'no unresolved order', entriesOnly: true,
  check: ({ state: { unknownOrders }, instrument }) => (unknownOrders === 0 ? undefined : refusal('UNRESOLVED_ORDER', `The outcome of ${unknownOrders === 1 ? 'an order' : `${unknownOrders} orders`} in ${instrument.key} is not known yet.`, { limit: 0, value: unknownOrders, remedy: 'Bellwether looks it up every few seconds; look at the order at your broker if it stays so, and settle it with `bellwether reconcile`. Exits of units that it can not have closed stay possible.' })),
};

const marketHours: Rule = {
  name: 'market hours', entriesOnly: false,
  check: ({ marketOpen, instrument }) => (marketOpen ? undefined : refusal('MARKET_CLOSED', `${instrument.exchange} is not in continuous trading now.`, { limit: 'open', value: 'closed', remedy: 'Send the order in market hours; a paper account can be set to "always open" for demos.' })),
};

const pricePresent: Rule = {
  name: 'price present', entriesOnly: true,
  check: ({ quote, instrument }) => (quote === undefined ? refusal('NO_PRICE', `No price is known for ${instrument.key}.`, { limit: 'a quote', value: 'none', remedy: 'Check the market data source and the symbol.' }) : undefined),
};

const priceFresh: Rule = {
  name: 'price fresh', entriesOnly: true,
  check: ({ quote, limits, now, instrument }) => {
    const ageMs = quote === undefined ? Infinity : now - quote.at;
    return ageMs > limits.maxQuoteAgeMs ? refusal('STALE_PRICE', `The newest price of ${instrument.key} is ${ageText(ageMs)} old; ${ageText(limits.maxQuoteAgeMs)} are allowed.`, { limit: limits.maxQuoteAgeMs, value: ageMs, remedy: 'Wait for the feed, or check its connection.' }) : undefined;
  },
};

/** `1.5 s`, `4 min`. */
function ageText(ms: number): string {
  return ms < 60_000 ? `${plainNumber(Math.ceil(ms / 100) / 10)} s` : `${plainNumber(Math.ceil(ms / 6_000) / 10)} min`;
}

const quantityWhole: Rule = {
  name: 'quantity', entriesOnly: false,
  check: ({ quantity }) => (Number.isSafeInteger(quantity) && quantity > 0 ? undefined : refusal('QUANTITY_INVALID', `The quantity must be a whole number above 0, not ${quantity}.`, { field: 'quantity', limit: 1, value: quantity })),
};

const lotMultiple: Rule = {
  name: 'lot size', entriesOnly: false,
  check: ({ quantity, instrument }) =>
    quantity % instrument.lotSize === 0 ? undefined : refusal('LOT_SIZE', `${instrument.key} trades in lots of ${instrument.lotSize}; ${quantity} is no multiple.`, { field: 'quantity', limit: instrument.lotSize, value: quantity, remedy: `Use a multiple of ${instrument.lotSize}.` }),
};

const maxOrderQuantity: Rule = {
  name: 'max order quantity', entriesOnly: true,
  check: ({ quantity, remainder = quantity, limits, instrument }) => {
    const freeze = instrument.freezeQuantity ?? Infinity;
    if (remainder > limits.maxOrderQuantity) return tooMuch(Math.min(limits.maxOrderQuantity, remainder > quantity ? Infinity : freeze), remainder);
    return quantity > freeze ? tooMuch(freeze, quantity) : undefined;
  },
};

function tooMuch(limit: number, quantity: number): ReturnType<typeof refusal> {
  return refusal('MAX_ORDER_QUANTITY', `One order may hold ${plainNumber(limit)} at most, not ${plainNumber(quantity)}.`, { field: 'quantity', limit, value: quantity });
}

const maxOrderValue: Rule = {
  name: 'max order value', entriesOnly: true,
  check: (facts) => {
    const price = orderPrice(facts);
    if (price === undefined) return refusal('NO_PRICE', 'The order can not be valued without a price.', { limit: 'a price', value: 'none' });
    const limit = percentOfCapital(facts.account.capital, facts.limits.maxOrderValuePercent);
    const { counted, amount, units } = commitmentOf(facts, price);
    const value = fromMoney(amount);
    if (value <= limit) return undefined;
    const says = counted === 'margin' ? `The margin of the order's ${plainNumber(units)} units is ${plainNumber(value)}; one order may bind ${plainNumber(limit)}` : `The order's value is ${plainNumber(value)}; one order may be worth ${plainNumber(limit)}`;
    const place = facts.limits.maxOrderValuePercent < facts.account.limits.maxOrderValuePercent ? 'Risk Gate' : 'account';
    return refusal('MAX_ORDER_VALUE', `${says} (${facts.limits.maxOrderValuePercent} % of capital).`, { limit, value, remedy: `Lower the quantity, or raise "Max Order Value" in the ${place}.` });
  },
};

const priceCollar: Rule = {
  name: 'price collar', entriesOnly: true,
  check: ({ draft, quote, limits }) => {
    if (quote === undefined) return undefined;
    const farthest = Math.max(...[draft.limitPrice, draft.triggerPrice].map((price) => (price === undefined ? 0 : (Math.abs(price - quote.last) / quote.last) * 100)));
    return farthest > limits.priceCollarPercent ? refusal('PRICE_COLLAR', `The order's price lies ${farthest.toFixed(2)} % from the last price ${plainNumber(fromMoney(quote.last))}.`, { limit: limits.priceCollarPercent, value: Number(farthest.toFixed(4)), remedy: 'Check the price: the alert may be old, or the symbol another one.' }) : undefined;
  },
};

const maxPosition: Rule = {
  name: 'max position', entriesOnly: true,
  check: ({ state, action, quantity, remainder = quantity, limits }) => {
    const value = exposureAfter(state.position.quantity, state.pending, action, remainder);
    return value > limits.maxPosition ? refusal('MAX_POSITION', `The strategy's position would be ${plainNumber(value)}, pending orders counted.`, { limit: limits.maxPosition, value }) : undefined;
  },
};

const maxSymbolExposure: Rule = {
  name: 'max symbol exposure', entriesOnly: true,
  check: ({ state, action, quantity, remainder = quantity, limits, instrument }) => {
    const value = exposureAfter(state.accountPosition, state.accountPending, action, remainder);
    return value > limits.maxSymbolExposure ? refusal('MAX_SYMBOL_EXPOSURE', `The account's exposure in ${instrument.key} would be ${plainNumber(value)}, pending orders counted.`, { limit: limits.maxSymbolExposure, value }) : undefined;
  },
};

const maxOpenPositions: Rule = {
  name: 'max open positions', entriesOnly: true,
  check: ({ state, limits }) => {
    const value = state.otherOpenInstruments + 1;
    return value > limits.maxOpenPositions ? refusal('MAX_OPEN_POSITIONS', `${value} instruments would be open at once.`, { limit: limits.maxOpenPositions, value }) : undefined;
  },
};

const maxDailyOrders: Rule = {
  name: 'max daily orders', entriesOnly: true,
  check: ({ state, limits }) => {
    const value = state.ordersToday + 1;
    return value > limits.maxDailyOrders ? refusal('MAX_DAILY_ORDERS', `This would be order ${plainNumber(value)} of the day.`, { limit: limits.maxDailyOrders, value }) : undefined;
  },
};

const maxDailyLoss: Rule = {
  name: 'max daily loss', entriesOnly: true,
  check: (facts) => {
    const { state, limits } = facts;
    const limit = lossLimitOf(facts, limits);
    if (state.lossLatchedAt !== undefined) return refusal('MAX_DAILY_LOSS', 'The daily loss limit was reached; entries stay blocked until re-armed.', { limit, value: 'latched', remedy: 'Re-arm with `bellwether rearm` when you are ready.' });
    const { loss, missing } = dayLoss({ ...state, positions: state.openPositions, quoteOf: facts.mark, now: facts.now, maxQuoteAgeMs: limits.maxQuoteAgeMs });
    if (missing !== undefined) return refusal('STALE_PRICE', `The day's loss can not be known: no fresh price for the open position in ${missing}.`, { limit: limits.maxQuoteAgeMs, value: missing });
    return loss >= limit ? refusal('MAX_DAILY_LOSS', `The day's loss is ${plainNumber(loss)}.`, { limit, value: loss, remedy: 'Exits stay possible. At the account’s own limit entries stay blocked until re-armed with `bellwether rearm`, and on the same day for as long as the loss stands.' }) : undefined;
  },
};

const tradeLock: Rule = {
  name: 'trade lock', entriesOnly: true,
  check: ({ state, draft, now }) => {
    const held = state.locks.find((lock) => lock.owner !== draft.signalId);
    return held === undefined ? undefined : refusal('TRADE_LOCK', `${held.name} is locked for another ${Math.ceil((held.until - now) / 1000)} s${held.reason === undefined ? '' : ` (${held.reason})`}.`, { limit: held.name, value: held.until - now, remedy: 'Wait for the cool-down, or release the lock.' });
  },
};

/** Every pre-trade control in the order in which it is asked. The first refusal is the answer. */
export const RULES: readonly Rule[] = [
  killSwitch, accountArmed, explained, runtimeWell, brokerWell, resolved, squareOff, marketHours, limitsReadable, pricePresent, priceFresh, quantityWhole, lotMultiple, maxOrderQuantity, maxOrderValue, priceCollar,
  maxPosition, maxSymbolExposure, maxOpenPositions, maxDailyOrders, maxDailyLoss, exitsOnly, reEntry, tradeLock,
];

/** The largest absolute position once everything pending in the same direction and this order have filled. */
function exposureAfter(position: number, pending: { readonly buy: number; readonly sell: number }, action: 'BUY' | 'SELL', quantity: number): number {
  return Math.abs(action === 'BUY' ? position + pending.buy + quantity : position - pending.sell - quantity);
}

/** The loss of a day, in rupees, at which a percentage of the account's capital is lost. */
export function lossLimitOf({ account }: Pick<GateFacts, 'account'>, { maxDailyLossPercent }: Pick<RiskLimits, 'maxDailyLossPercent'>): number {
  return percentOfCapital(account.capital, maxDailyLossPercent);
}
