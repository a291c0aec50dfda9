import { Exchange, type InstrumentKey } from '../market';
import { fromMoney, type Money } from '../money';
import type { IsoDate } from '../time';
import { MONTHS, parseSymbol, type OptionType, type SymbolReading } from './grammar';

/** What a symbol is written from: a base alone, with an expiry a future, with strike and type an option. */
export interface SymbolParts {
  readonly base: string;
  readonly expiry?: IsoDate;
  readonly strike?: Money;
  readonly optionType?: OptionType;
}

/** The one spelling of an instrument: `SBIN`, `NIFTY29DEC26FUT`, `VEDL25APR24292.5CE`. Throws a RangeError for half an option. */
export function formatSymbol({ base, expiry, strike, optionType }: SymbolParts): string {
  if ((strike === undefined) !== (optionType === undefined)) throw new RangeError(`An option of ${base} needs a strike and CE or PE`);
  if (expiry === undefined) {
    if (strike !== undefined) throw new RangeError(`An option of ${base} needs an expiry`);
    return base;
  }
  const dated = `${base}${formatExpiry(expiry)}`;
  return strike === undefined || optionType === undefined ? `${dated}FUT` : `${dated}${fromMoney(strike)}${optionType}`;
}

/** `2026-12-29` as `29DEC26`. */
export function formatExpiry(expiry: IsoDate): string {
  const [year = '', month = '', day = ''] = expiry.split('-');
  const name = MONTHS[Number(month) - 1];
  if (name === undefined || !year.startsWith('20')) throw new RangeError(`Not an expiry: ${expiry}`);
  return `${day}${name}${year.slice(2)}`;
}

/** A key's reading in our own spelling, where every expiry has its day; undefined for text that is not written that way. */
export function parseKey(key: InstrumentKey): { readonly exchange: Exchange; readonly symbol: string; readonly reading: SymbolReading } | undefined {
  const colon = key.indexOf(':');
  const exchange = exchangeOf(key.slice(0, colon));
  const symbol = key.slice(colon + 1);
  const parsed = exchange === undefined ? undefined : parseSymbol(exchange, symbol);
  if (exchange === undefined || parsed?.ok !== true) return undefined;
  const reading = parsed.value.find((candidate) => candidate.exchange === exchange && symbolOf(candidate) === symbol);
  return reading === undefined ? undefined : { exchange, symbol, reading };
}

/** The symbol of a reading whose day is settled; undefined for months and continuous futures. */
export function symbolOf(reading: SymbolReading): string | undefined {
  if (reading.kind === 'plain') return reading.base;
  if (reading.kind === 'continuous' || reading.expiry.kind === 'month') return undefined;
  const { base, expiry } = reading;
  return reading.kind === 'future'
    ? formatSymbol({ base, expiry: expiry.date })
    : formatSymbol({ base, expiry: expiry.date, strike: reading.strike, optionType: reading.optionType });
}

function exchangeOf(text: string): Exchange | undefined {
  const parsed = Exchange.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}
