import { z } from 'zod';
import { masterRow, rejected, SKIPPED, type MasterReading } from '../../../domain/instrument';
import { Exchange } from '../../../domain/market';
import { Amount, hasFields, readDate, reading, Text, type MasterFormat } from './fields';
import { indexSymbol } from './indexNames';

const Row = z.object({
  symbol: Text, name: Text, expiry: Text, instrumenttype: Text, exch_seg: Text, strike: Amount, lotsize: Amount, tick_size: Amount, freeze_qty: Amount,
});

/** Strikes and ticks are written a hundred times too large. */
const SCALE = 100;
const FOREIGN: ReadonlySet<string> = new Set(['NCDEX', 'NCO', 'NSE_MF', 'BSE_MF']);
/** Series of a share that is one symbol everywhere else: `SBIN-EQ` is `SBIN`. */
const SERIES = /-(?:EQ|BE|BZ|BL|SM|ST)$/;

/** Angel One's JSON (`OpenAPIScripMaster.json`): of contracts `name` is the underlying, of shares it is the symbol without its series. */
export const angelOneFormat: MasterFormat = {
  name: 'Angel One',
  matches: hasFields('symbol', 'name', 'exch_seg', 'lotsize', 'tick_size'),
  read: reading(Row, read),
};

function read(row: z.output<typeof Row>): MasterReading {
  const isIndex = row.instrumenttype === 'AMXIDX';
  const exchange = Exchange.safeParse(isIndex ? `${row.exch_seg}_INDEX` : row.exch_seg);
  if (!exchange.success) return FOREIGN.has(row.exch_seg) ? SKIPPED : rejected(`exchange ${JSON.stringify(row.exch_seg.slice(0, 20))}`);
  const more = {
    exchange: exchange.data, ...(row.tick_size === undefined ? {} : { tickSize: row.tick_size / SCALE }),
    ...(row.lotsize === undefined || row.lotsize <= 0 ? {} : { lotSize: row.lotsize }), ...(row.freeze_qty === undefined ? {} : { freezeQuantity: row.freeze_qty }),
  };
  if (isIndex) return masterRow({ ...more, segment: 'index', base: indexSymbol(row.name === '' ? row.symbol : row.name), name: row.symbol });
  if (exchange.data === 'NSE' || exchange.data === 'BSE') return masterRow({ ...more, segment: 'cash', base: row.symbol.toUpperCase().replace(SERIES, '') });
  const expiry = readDate(row.expiry);
  // Spot prices of commodities and currencies stand beside their contracts.
  if (expiry === undefined) return row.expiry === '' ? SKIPPED : rejected(`expiry ${JSON.stringify(row.expiry.slice(0, 20))}`);
  const base = row.name.toUpperCase();
  if (row.instrumenttype.startsWith('FUT')) return masterRow({ ...more, segment: 'future', base, expiry });
  const optionType = /CE$/.test(row.symbol) ? 'CE' : /PE$/.test(row.symbol) ? 'PE' : undefined;
  if (!row.instrumenttype.startsWith('OPT') || optionType === undefined) return rejected(`type ${JSON.stringify(row.instrumenttype.slice(0, 20))}`);
  return masterRow({ ...more, segment: 'option', base, expiry, optionType, ...(row.strike === undefined ? {} : { strike: row.strike / SCALE }) });
}
