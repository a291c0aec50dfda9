import { z } from 'zod';
import { masterRow, rejected, SKIPPED, type MasterReading } from '../../../domain/instrument';
import type { Exchange } from '../../../domain/market';
import { Amount, hasFields, readDate, reading, said, Text, type MasterFormat } from './fields';
import { indexSymbol } from './indexNames';

const Row = z.object({
  SEM_EXM_EXCH_ID: Text, SEM_SEGMENT: Text, SEM_INSTRUMENT_NAME: Text, SEM_TRADING_SYMBOL: Text, SM_SYMBOL_NAME: Text, SEM_EXPIRY_DATE: Text, SEM_OPTION_TYPE: Text,
  SEM_LOT_UNITS: Amount, SEM_STRIKE_PRICE: Amount, SEM_TICK_SIZE: Amount,
});

const EXCHANGES: Readonly<Record<string, Exchange>> = {
  'NSE E': 'NSE', 'BSE E': 'BSE', 'NSE D': 'NFO', 'BSE D': 'BFO', 'NSE C': 'CDS', 'BSE C': 'BCD', 'MCX M': 'MCX', 'NSE I': 'NSE_INDEX', 'BSE I': 'BSE_INDEX', 'MCX I': 'MCX_INDEX',
};

const PAISE = 100;

/** Dhan's CSV (`SEM_*`): ticks in paise, strikes in rupees; the trading symbol of a contract begins with its underlying (`NIFTY-Dec2026-26000-CE`). */
export const dhanFormat: MasterFormat = {
  name: 'Dhan',
  matches: hasFields('SEM_EXM_EXCH_ID', 'SEM_SEGMENT', 'SEM_TRADING_SYMBOL', 'SEM_INSTRUMENT_NAME'),
  read: reading(Row, read),
};

function read(row: z.output<typeof Row>): MasterReading {
  const place = `${row.SEM_EXM_EXCH_ID} ${row.SEM_SEGMENT}`;
  const exchange = Object.hasOwn(EXCHANGES, place) ? EXCHANGES[place] : undefined;
  if (exchange === undefined) return /^(?:NSE|BSE|MCX|NCDEX|ICEX) [A-Z]$/.test(place) ? SKIPPED : rejected(`exchange and segment ${JSON.stringify(place.slice(0, 20))}`);
  const more = {
    exchange, ...(row.SEM_TICK_SIZE === undefined ? {} : { tickSize: row.SEM_TICK_SIZE / PAISE }),
    ...(row.SEM_LOT_UNITS === undefined || row.SEM_LOT_UNITS === 0 ? {} : { lotSize: row.SEM_LOT_UNITS }),
  };
  if (exchange.endsWith('_INDEX')) return masterRow({ ...more, segment: 'index', base: indexSymbol(row.SEM_TRADING_SYMBOL), name: row.SM_SYMBOL_NAME });
  if (exchange === 'NSE' || exchange === 'BSE') return masterRow({ ...more, segment: 'cash', base: row.SEM_TRADING_SYMBOL.toUpperCase(), name: row.SM_SYMBOL_NAME });
  const base = /^(.+?)-(?:\d{1,2})?[A-Za-z]{3}\d{4}-/.exec(row.SEM_TRADING_SYMBOL)?.[1]?.toUpperCase() ?? '';
  const expiry = readDate(row.SEM_EXPIRY_DATE);
  if (expiry === undefined) return rejected(`expiry ${JSON.stringify(row.SEM_EXPIRY_DATE.slice(0, 20))}`);
  if (row.SEM_INSTRUMENT_NAME.startsWith('FUT')) return masterRow({ ...more, segment: 'future', base, expiry });
  const optionType = row.SEM_OPTION_TYPE;
  if (optionType !== 'CE' && optionType !== 'PE') return rejected(`option type ${JSON.stringify(optionType.slice(0, 20))}`);
  return masterRow({ ...more, segment: 'option', base, expiry, optionType, ...said('strike', row.SEM_STRIKE_PRICE) });
}
