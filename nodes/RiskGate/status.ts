import type { AccountState } from '../../runtime/domain/accountState';
import type { Outcome } from '../../runtime/domain/denial';
import type { Envelope } from '../../runtime/domain/envelope';
import type { Tradable } from '../../runtime/domain/nodeContext';
import { fromMoney } from '../../runtime/domain/money';
import type { Funds } from '../../runtime/domain/ports';
import type { EpochMs } from '../../runtime/domain/time';
import type { Conclusion } from '../../runtime/hosts/definition';

/** What Status looks at; `tradable` only where the node names a symbol. */
export interface StatusData {
  readonly state: AccountState;
  readonly funds: Funds;
  readonly tradable: Outcome<Tradable> | undefined;
}

/** The item with the account's state: Approved where nothing stops entries, else Blocked with what does. `risk.summary` is for an alert. */
export function statusOf(item: Envelope, { state, funds, tradable }: StatusData): Conclusion<'approved' | 'blocked'> {
  const price = priceOf(tradable);
  const stops = [...state.stops, ...(price.problem === undefined ? [] : [price.problem])];
  const available = fromMoney(funds.available);
  const risk = { ...state, stops, ready: stops.length === 0, availableFunds: available, ...(price.quote === undefined ? {} : { quote: price.quote }), summary: summaryOf({ ...state, stops }, available, price.quote) };
  return { kind: 'emit', emissions: [{ port: stops.length === 0 ? 'approved' : 'blocked', item: { ...item, risk } }] };
}

interface SeenPrice {
  readonly instrument: string;
  readonly last: number;
  readonly at: EpochMs;
}

function priceOf(tradable: Outcome<Tradable> | undefined): { readonly problem?: string; readonly quote?: SeenPrice } {
  if (tradable === undefined) return {};
  if (!tradable.ok) return { problem: tradable.denial.message };
  const { instrument, quote } = tradable.value;
  return quote === undefined ? { problem: `No price is known for ${instrument.key}.` } : { quote: { instrument: instrument.key, last: fromMoney(quote.last), at: quote.at } };
}

function summaryOf(state: AccountState, available: number, quote: SeenPrice | undefined): string {
  const { account, broker, live, armed, dailyLoss, dailyOrders, openPositions, differences, stops } = state;
  return [
    `${account} at ${broker}: ${live ? `live, ${armed ? 'armed' : 'not armed'}` : 'no real money'}`,
    `funds ${available}`, `loss ${dailyLoss.used} of ${dailyLoss.limit}`, `orders ${dailyOrders.used} of ${dailyOrders.limit}`, `instruments open ${openPositions.used} of ${openPositions.limit}`, `differences ${differences}`,
    ...(quote === undefined ? [] : [`${quote.instrument} ${quote.last}`]),
    stops.length === 0 ? 'Ready.' : `Stopped: ${stops.join(' ')}`,
  ].join('\n');
}
