import { z } from 'zod';
import { masterRow, rejected, SKIPPED, type MasterReading } from '../../../domain/instrument';
import type { Exchange } from '../../../domain/market';
import { indiaDate } from '../../../domain/session/days';
import type { IsoDate } from '../../../domain/time';
import { Amount, hasFields, readDate, reading, said, Text, type MasterFormat } from './fields';
import { indexSymbol } from './indexNames';

const EXCHANGES: Readonly<Record<string, Exchange>> = {
  NSE_EQ: 'NSE', BSE_EQ: 'BSE', NSE_FO: 'NFO', BSE_FO: 'BFO', NCD_FO: 'CDS', BCD_FO: 'BCD', MCX_FO: 'MCX', NSE_INDEX: 'NSE_INDEX', BSE_INDEX: 'BSE_INDEX', MCX_INDEX: 'MCX_INDEX',
};

/** Segments of Upstox that Bellwether does not trade. */
const FOREIGN = /^(?:NSE_COM|GLOBAL_INDEX|GLOBAL_INDICATOR|NCDEX_FO|NSE_MF|BSE_MF)$/;

const PAISE = 100;

const JsonRow = z.object({
  segment: Text, trading_symbol: Text, name: Text, instrument_type: Text, underlying_symbol: Text,
  expiry: Text, strike_price: Amount, lot_size: Amount, tick_size: Amount, freeze_quantity: Amount,
});

/** Upstox's JSON list, also packed: expiry in epoch milliseconds (the end of the day in India), ticks in paise. Symbols are written from the underlying, never read from its own. */
export const upstoxFormat: MasterFormat = {
  name: 'Upstox',
  matches: hasFields('instrument_key', 'trading_symbol', 'segment'),
  read: reading(JsonRow, (row) => read({
    ...row, symbol: row.trading_symbol, strike: row.strike_price, underlying: row.underlying_symbol,
    type: row.instrument_type, tick: row.tick_size === undefined ? undefined : row.tick_size / PAISE, expiry: epochDate(row.expiry),
  })),
};

const CsvRow = z.object({
  exchange: Text, tradingsymbol: Text, name: Text, instrument_type: Text, option_type: Text,
  expiry: Text, strike: Amount, lot_size: Amount, tick_size: Amount,
});

/** Its older CSV: ticks in rupees, the underlying stands in front of the digits of the symbol. */
export const upstoxCsvFormat: MasterFormat = {
  name: 'Upstox CSV',
  matches: hasFields('instrument_key', 'tradingsymbol', 'option_type'),
  read: reading(CsvRow, (row) => read({
    segment: row.exchange, symbol: row.tradingsymbol, name: row.name, strike: row.strike, lot_size: row.lot_size, freeze_quantity: undefined, tick: row.tick_size,
    underlying: underlyingOf(row.tradingsymbol), type: row.option_type === 'CE' || row.option_type === 'PE' ? row.option_type : row.instrument_type.startsWith('FUT') ? 'FUT' : row.instrument_type,
    expiry: readDate(row.expiry),
  })),
};

interface Seen {
  readonly segment: string;
  readonly symbol: string;
  readonly name: string;
  readonly underlying: string;
  readonly type: string;
  readonly expiry: IsoDate | undefined;
  readonly strike: number | undefined;
  readonly lot_size: number | undefined;
  readonly tick: number | undefined;
  readonly freeze_quantity: number | undefined;
}

function read(row: Seen): MasterReading {
  const exchange = Object.hasOwn(EXCHANGES, row.segment) ? EXCHANGES[row.segment] : undefined;
  if (exchange === undefined) return FOREIGN.test(row.segment) ? SKIPPED : rejected(`segment ${JSON.stringify(row.segment.slice(0, 20))}`);
  const more = { exchange, ...said('tickSize', row.tick), ...said('freezeQuantity', row.freeze_quantity), ...(row.lot_size === undefined || row.lot_size === 0 ? {} : { lotSize: row.lot_size }) };
  if (exchange.endsWith('_INDEX')) return masterRow({ ...more, segment: 'index', base: indexSymbol(row.symbol === '' ? row.name : row.symbol), name: row.name });
  if (exchange === 'NSE' || exchange === 'BSE') return masterRow({ ...more, segment: 'cash', base: row.symbol.toUpperCase(), name: row.name });
  const base = row.underlying.toUpperCase();
  const { expiry } = row;
  if (expiry === undefined) return rejected('no expiry');
  if (row.type === 'FUT') return masterRow({ ...more, segment: 'future', base, expiry });
  if (row.type !== 'CE' && row.type !== 'PE') return rejected(`type ${JSON.stringify(row.type.slice(0, 20))}`);
  return masterRow({ ...more, segment: 'option', base, expiry, optionType: row.type, ...said('strike', row.strike) });
}

function epochDate(text: string): IsoDate | undefined {
  const at = Number(text);
  if (/^\d{11,14}$/.test(text) && Number.isSafeInteger(at)) return indiaDate(at);
  return readDate(text);
}

/** `RELIANCE24JAN1840CE`, `NIFTY24125` and `BAJAJ-AUTO24JANFUT` begin with their underlying; a year of two digits ends it. */
function underlyingOf(symbol: string): string {
  return /^(.+?)2\d(?:[A-Z]{3}|\d{3}|[OND]\d{2}).*(?:FUT|CE|PE)$/.exec(symbol.toUpperCase())?.[1] ?? '';
}
