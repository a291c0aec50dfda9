import { deny, ok, type Outcome } from '../../domain/denial';
import { parseSymbol } from '../../domain/instrument';
import { Exchange, instrumentKey, type Instrument, type Segment } from '../../domain/market';
import { toMoney } from '../../domain/money';
import type { Instruments } from '../../domain/ports';

/** What a person says of an instrument, over what is known of it. */
export interface InstrumentFacts {
  readonly lotSize?: number;
  /** In rupees. */
  readonly tickSize?: number;
  readonly segment?: Segment;
  readonly freezeQuantity?: number;
}

/** `EXCHANGE:SYMBOL` as a person writes it. */
export function readKey(text: string): Outcome<{ readonly exchange: Exchange; readonly symbol: string }> {
  const [place = '', ...rest] = text.split(':');
  const exchange = Exchange.safeParse(place.trim().toUpperCase());
  const symbol = rest.join(':').trim().toUpperCase();
  if (!exchange.success || symbol === '') return deny('MALFORMED_SYMBOL', `"${text}" is no symbol on an exchange.`, { field: 'symbol', value: text, remedy: `Write it as NSE:SBIN; exchanges are ${Exchange.options.join(', ')}.` });
  return ok({ exchange: exchange.data, symbol });
}

/**
 * The instrument of that name: what is known of it, and what a person says over that. A share or an index that nobody knows needs nothing more than its name (one unit, ticks by price);
 * a contract that nobody knows needs at least its lot.
 */
export function instrumentNamed(text: string, facts: InstrumentFacts, instruments: Instruments): Outcome<Instrument> {
  const read = readKey(text);
  if (!read.ok) return read;
  const { exchange, symbol } = read.value;
  const key = instrumentKey(exchange, symbol);
  const known = instruments.find(key);
  const segment = facts.segment ?? known?.segment ?? segmentOf(exchange, symbol);
  if (known === undefined && (segment === 'future' || segment === 'option') && facts.lotSize === undefined) {
    return deny('UNKNOWN_SYMBOL', `Nothing is known of ${key}: how many units are one lot?`, { field: 'instrument', value: key, remedy: `Say it: --instrument ${key},lot=75,tick=0.05.` });
  }
  return ok({
    ...(known ?? { key, exchange, symbol, base: baseOf(exchange, symbol), lotSize: 1 }), segment,
    ...(facts.lotSize === undefined ? {} : { lotSize: facts.lotSize }),
    ...(facts.tickSize === undefined ? {} : { tickSize: toMoney(facts.tickSize) }),
    ...(facts.freezeQuantity === undefined ? {} : { freezeQuantity: facts.freezeQuantity }),
  });
}

function segmentOf(exchange: Exchange, symbol: string): Segment {
  if (exchange.endsWith('_INDEX')) return 'index';
  if (exchange === 'NSE' || exchange === 'BSE') return 'cash';
  return /\d(CE|PE)$/.test(symbol) ? 'option' : 'future';
}

function baseOf(exchange: Exchange, symbol: string): string {
  const readings = parseSymbol(exchange, symbol);
  const [first] = readings.ok ? readings.value : [];
  return first === undefined ? symbol : first.base;
}

/** What a person calls a segment: ours, or the exchange's part that its contracts trade in (`NFO`). */
export function readSegment(text: string, symbol: string): Outcome<Segment> {
  const word = text.trim().toLowerCase();
  const own = (['cash', 'future', 'option', 'index'] as const).find((segment) => segment === word);
  if (own !== undefined) return ok(own);
  const exchange = Exchange.safeParse(word.toUpperCase());
  return exchange.success ? ok(segmentOf(exchange.data, symbol)) : deny('INVALID_PARAMETER', `"${text}" is no segment.`, { field: 'instrument', value: text, remedy: 'Use cash, future, option or index, or NSE, NFO, MCX, …' });
}
