import { deny, ok, type Outcome } from '../denial';
import { Exchange } from '../market';

/** An exchange as a sender wrote it. `delayed` is TradingView's `_DL`/`_DLY`: the data behind it is late. */
export interface ExchangeReading {
  readonly exchange: Exchange;
  readonly delayed: boolean;
}

const DELAYED = /_(?:DL|DLY)$/;
const LONGEST = 20;

/** Reads `NSE`, `nse`, `NSE_DLY`. Denies INVALID_FIELD for an exchange that is not one of ours. */
export function readExchange(text: string): Outcome<ExchangeReading> {
  const code = text.length > LONGEST ? '' : text.trim().toUpperCase();
  const parsed = Exchange.safeParse(code.replace(DELAYED, ''));
  if (parsed.success) return ok({ exchange: parsed.data, delayed: DELAYED.test(code) });
  return deny('INVALID_FIELD', `${JSON.stringify(text.slice(0, LONGEST))} is not a known exchange.`, { field: 'exchange', remedy: `Use one of ${Exchange.options.join(', ')}.` });
}

export type DerivativesExchange = 'NFO' | 'BFO' | 'CDS' | 'BCD' | 'MCX';

/** Where the derivatives of an exchange's instruments trade: TradingView names futures by the cash exchange. Undefined for the index exchanges. */
export function derivativesExchangeOf(exchange: Exchange): DerivativesExchange | undefined {
  switch (exchange) {
    case 'NSE': return 'NFO';
    case 'BSE': return 'BFO';
    case 'NFO': case 'BFO': case 'CDS': case 'BCD': case 'MCX': return exchange;
    case 'NSE_INDEX': case 'BSE_INDEX': case 'MCX_INDEX': return undefined;
  }
}

/** Where an exchange's indices are quoted. */
export function indexExchangeOf(exchange: Exchange): Exchange | undefined {
  if (exchange === 'NSE' || exchange === 'NSE_INDEX') return 'NSE_INDEX';
  if (exchange === 'BSE' || exchange === 'BSE_INDEX') return 'BSE_INDEX';
  return exchange === 'MCX_INDEX' ? 'MCX_INDEX' : undefined;
}
