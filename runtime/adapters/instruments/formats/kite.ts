import { z } from 'zod';
import { masterRow, rejected, SKIPPED, type MasterReading } from '../../../domain/instrument';
import { Exchange } from '../../../domain/market';
import { Amount, hasFields, readDate, reading, said, Text, type MasterFormat } from './fields';
import { indexSymbol } from './indexNames';

const Row = z.object({
  tradingsymbol: Text, name: Text, expiry: Text, instrument_type: Text, segment: Text, exchange: Text, strike: Amount, tick_size: Amount, lot_size: Amount,
});

/** Zerodha Kite's CSV: prices in rupees; of contracts `name` is the underlying, of shares the company. Lots of commodities and currencies are counted, not measured. */
export const kiteFormat: MasterFormat = {
  name: 'Kite',
  matches: hasFields('instrument_token', 'tradingsymbol', 'lot_size', 'segment'),
  read: reading(Row, read),
};

function read(row: z.output<typeof Row>): MasterReading {
  const isIndex = row.segment === 'INDICES';
  const exchange = Exchange.safeParse(isIndex ? `${row.exchange}_INDEX` : row.exchange);
  if (!exchange.success) return /^(?:NCDEX|NCO|NSEIX|GLOBAL|GLOBAL_INDEX|NSE_MF|BSE_MF|MF)$/.test(row.exchange) ? SKIPPED : rejected(`exchange ${JSON.stringify(row.exchange.slice(0, 20))}`);
  const more = { exchange: exchange.data, ...said('tickSize', row.tick_size), ...(row.lot_size === undefined || row.lot_size === 0 ? {} : { lotSize: row.lot_size }) };
  if (isIndex) return masterRow({ ...more, segment: 'index', base: indexSymbol(row.tradingsymbol), name: row.name });
  if (row.instrument_type === 'EQ') return masterRow({ ...more, segment: 'cash', base: row.tradingsymbol.toUpperCase(), name: row.name });
  const expiry = readDate(row.expiry);
  const base = row.name.toUpperCase();
  if (expiry === undefined) return rejected(`expiry ${JSON.stringify(row.expiry.slice(0, 20))}`);
  if (row.instrument_type === 'FUT') return masterRow({ ...more, segment: 'future', base, expiry });
  if (row.instrument_type !== 'CE' && row.instrument_type !== 'PE') return rejected(`type ${JSON.stringify(row.instrument_type.slice(0, 20))}`);
  return masterRow({ ...more, segment: 'option', base, expiry, optionType: row.instrument_type, ...said('strike', row.strike) });
}
