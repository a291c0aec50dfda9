import { deny, ok, type Denial, type Outcome } from '../denial';
import type { Exchange } from '../market';
import { toMoney, type Money } from '../money';
import { dateOf } from '../session/days';
import type { IsoDate } from '../time';
import { derivativesExchangeOf, indexExchangeOf, readExchange, type DerivativesExchange } from './exchange';

/** A day, or a month whose last expiry is meant. */
export type Expiry = { readonly kind: 'day'; readonly date: IsoDate } | { readonly kind: 'month'; readonly month: string };

export type OptionType = 'CE' | 'PE';

/** One thing a symbol's text can mean. `plain` is a share or an index; `continuous` is TradingView's n-th nearest future. */
export type SymbolReading =
  | { readonly kind: 'plain'; readonly exchange: Exchange; readonly base: string }
  | { readonly kind: 'future'; readonly exchange: DerivativesExchange; readonly base: string; readonly expiry: Expiry }
  | { readonly kind: 'option'; readonly exchange: DerivativesExchange; readonly base: string; readonly expiry: Expiry; readonly strike: Money; readonly optionType: OptionType }
  | { readonly kind: 'continuous'; readonly exchange: DerivativesExchange; readonly base: string; readonly ordinal: 1 | 2 };

export const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;

/** Longer texts are no symbols; the longest real one is below 40. */
export const MAX_SYMBOL_LENGTH = 60;

const WORD = /^[A-Z0-9][A-Z0-9&_.-]*!?$/;
const BASE = /^[A-Z0-9][A-Z0-9&-]*$/;
const MONTH = MONTHS.join('|');
const CONTINUOUS = /^(.+?)([12])!$/;
const DATED_FUTURE = new RegExp(`^(.+)(\\d{2})(${MONTH})(\\d{2})FUT$`);
const MONTHLY_FUTURE = new RegExp(`^(.+)(\\d{2})(${MONTH})FUT$`);
const OPTION = new RegExp(`^(.+)(\\d{2})(${MONTH})(\\d+(?:\\.\\d+)?)(CE|PE)$`);
const STRIKE = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,4})?$/;

/** Each `_` of TradingView may stand for `&` or `-`; more than this many in one symbol are no symbol. */
const MAX_UNDERSCORES = 3;

/**
 * Every reading of a symbol, from the right: bases may hold digits, `-` and `&`. At least one.
 * Takes our own spelling, the monthly forms without a day, and TradingView's (`NSE:SBIN`, `M_M`, `NIFTY1!`). An exchange prefix must agree with `exchange` (`NSE` and `NFO` do).
 * Denies MALFORMED_SYMBOL; the text is only ever text, whatever it looks like.
 */
export function parseSymbol(exchange: Exchange, text: string): Outcome<readonly SymbolReading[]> {
  const key = `${exchange} ${text}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const read = readSymbol(exchange, text);
  if (!read.ok) return read;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(key, read);
  return read;
}

/** Symbols that are read again and again, as those of a flow are: its own few thousand at the most. */
const MAX_REMEMBERED = 4_096;
const remembered = new Map<string, Outcome<readonly SymbolReading[]>>();

function readSymbol(exchange: Exchange, text: string): Outcome<readonly SymbolReading[]> {
  const named = nameIn(exchange, text);
  if (!named.ok) return named;
  const { word, exchange: meant } = named.value;
  const derivatives = derivativesExchangeOf(meant);
  const readings = derivatives === undefined ? [] : derivativeReadings(derivatives, word);
  if (readings.length === 0 && isPlainExchange(meant)) readings.push({ kind: 'plain', exchange: meant, base: word });
  const spelled = readings.flatMap((reading) => spellings(reading.base).map((base) => ({ ...reading, base })));
  return spelled.length > 0 ? ok(spelled) : malformed(text, `A symbol of ${meant} is written BASE + DDMMMYY + FUT, or BASE + DDMMMYY + strike + CE or PE.`);
}

/** The text without its exchange prefix, in capitals, when it has a symbol's characters and length; and the exchange that prefix and request mean together. */
function nameIn(exchange: Exchange, text: string): Outcome<{ readonly word: string; readonly exchange: Exchange }> {
  const remedy = 'Use letters, digits, & and -, such as NSE:SBIN, NIFTY29DEC26FUT or NIFTY29DEC2626000CE.';
  if (text.length > MAX_SYMBOL_LENGTH) return malformed(text, `A symbol has at most ${MAX_SYMBOL_LENGTH} characters.`);
  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  const prefix = colon === -1 ? undefined : readExchange(trimmed.slice(0, colon));
  if (prefix?.ok === false) return malformed(text, remedy);
  const meant = prefix === undefined ? exchange : narrower(prefix.value.exchange, exchange) ?? narrower(exchange, prefix.value.exchange);
  if (meant === undefined) return malformed(text, `Its exchange and the exchange ${exchange} disagree: give one of them.`);
  const bare = trimmed.slice(colon + 1);
  // ASCII is checked first: some foreign letters turn into plain capitals.
  if (!/^[\x20-\x7e]*$/.test(bare)) return malformed(text, remedy);
  const word = bare.toUpperCase();
  return WORD.test(word) ? ok({ word, exchange: meant }) : malformed(text, remedy);
}

/** `part` where it is `whole` or the derivatives or index side of it: `NSE` and `NFO` together mean `NFO`. */
function narrower(whole: Exchange, part: Exchange): Exchange | undefined {
  return part === whole || derivativesExchangeOf(whole) === part || indexExchangeOf(whole) === part ? part : undefined;
}

function derivativeReadings(exchange: DerivativesExchange, word: string): SymbolReading[] {
  const continuous = CONTINUOUS.exec(word);
  if (continuous !== null) {
    const [, base = '', ordinal] = continuous;
    return [{ kind: 'continuous', exchange, base, ordinal: ordinal === '1' ? 1 : 2 }];
  }
  return word.endsWith('FUT') ? futureReadings(exchange, word) : optionReadings(exchange, word);
}

function futureReadings(exchange: DerivativesExchange, word: string): SymbolReading[] {
  const dated = DATED_FUTURE.exec(word);
  if (dated !== null) {
    const [, base = '', day = '', month = '', year = ''] = dated;
    return dayExpiry(day, month, year).map((expiry) => ({ kind: 'future', exchange, base, expiry }));
  }
  const [, base = '', year = '', month = ''] = MONTHLY_FUTURE.exec(word) ?? [];
  return base === '' ? [] : [{ kind: 'future', exchange, base, expiry: monthExpiry(month, year) }];
}

/** `NIFTY24DEC19500CE` has two readings: the 24th of December 2019 at 500, or December 2024 at 19500. */
function optionReadings(exchange: DerivativesExchange, word: string): SymbolReading[] {
  const [, base = '', digits = '', month = '', rest = '', type] = OPTION.exec(word) ?? [];
  if (base === '') return [];
  const optionType: OptionType = type === 'CE' ? 'CE' : 'PE';
  const dated = dayExpiry(digits, month, rest.slice(0, 2)).flatMap((expiry) => strikes(rest.slice(2)).map((strike) => ({ expiry, strike })));
  const monthly = strikes(rest).map((strike) => ({ expiry: monthExpiry(month, digits), strike }));
  return [...dated, ...monthly].map((contract) => ({ kind: 'option', exchange, base, ...contract, optionType }));
}

function strikes(text: string): Money[] {
  const strike = STRIKE.test(text) ? toMoney(Number(text)) : undefined;
  return strike === undefined || strike <= 0 ? [] : [strike];
}

function dayExpiry(day: string, month: string, year: string): Expiry[] {
  const date = /^\d{2}$/.test(year) ? dateOf(2_000 + Number(year), monthNumber(month), Number(day)) : undefined;
  return date === undefined ? [] : [{ kind: 'day', date }];
}

function monthExpiry(month: string, year: string): Expiry {
  return { kind: 'month', month: `20${year}-${String(monthNumber(month)).padStart(2, '0')}` };
}

function monthNumber(month: string): number {
  return MONTHS.findIndex((name) => name === month) + 1;
}

/** The bases a TradingView base can stand for; itself where it has no underscore, none where it is no base. */
function spellings(base: string): string[] {
  const parts = base.split('_');
  if (parts.length - 1 > MAX_UNDERSCORES) return [];
  const joined = parts.slice(1).reduce((left, part) => left.flatMap((text) => [`${text}&${part}`, `${text}-${part}`]), parts.slice(0, 1));
  return joined.filter((text) => BASE.test(text));
}

function isPlainExchange(exchange: Exchange): boolean {
  return exchange === 'NSE' || exchange === 'BSE' || derivativesExchangeOf(exchange) === undefined;
}

function malformed(text: string, remedy: string): { readonly ok: false; readonly denial: Denial } {
  const shown = JSON.stringify(text.length > MAX_SYMBOL_LENGTH ? `${text.slice(0, MAX_SYMBOL_LENGTH)}…` : text);
  return deny('MALFORMED_SYMBOL', `${shown} is not a symbol.`, { field: 'symbol', remedy });
}
