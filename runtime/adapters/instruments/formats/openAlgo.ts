import { z } from 'zod';
import { masterRow, rejected, SKIPPED, type MasterReading } from '../../../domain/instrument';
import { formatExpiry } from '../../../domain/instrument/format';
import { Exchange, type Segment } from '../../../domain/market';
import { Amount, hasFields, readDate, reading, said, Text, type MasterFormat } from './fields';

const Row = z.object({
  symbol: Text, exchange: Text, name: Text, instrumenttype: Text, expiry: Text, token: Text,
  strike: Amount, lotsize: Amount, tick_size: Amount, freeze_qty: Amount,
});
type Row = z.output<typeof Row>;

/** Exchanges of the gateway that Bellwether does not trade. */
const FOREIGN: ReadonlySet<string> = new Set(['NCDEX', 'NCO', 'GLOBAL_INDEX', 'CRYPTO', '']);

const OPTION = /^(.+?)(\d+(?:\.\d+)?)(CE|PE)$/;

/**
 * OpenAlgo's `instruments` answer, as JSON and as CSV. Its symbols are ours already; they are taken apart by the expiry column, and a symbol
 * that does not say what its columns say is rejected. Ticks are in rupees, but where the broker behind it is Upstox (a token with a bar) they
 * are passed on in paise, not always: those are left out.
 */
export const openAlgoFormat: MasterFormat = {
  name: 'OpenAlgo',
  matches: hasFields('symbol', 'exchange', 'lotsize', 'tick_size', 'instrumenttype'),
  read: reading(Row, read),
};

function read(row: Row): MasterReading {
  const exchange = Exchange.safeParse(row.exchange.toUpperCase());
  if (!exchange.success) return FOREIGN.has(row.exchange.toUpperCase()) ? SKIPPED : rejected(`exchange ${JSON.stringify(row.exchange.slice(0, 20))}`);
  const more = {
    exchange: exchange.data, ...said('lotSize', row.lotsize), ...said('freezeQuantity', row.freeze_qty), ...(row.token.includes('|') ? {} : said('tickSize', row.tick_size)),
  };
  const segment = plainSegment(exchange.data);
  if (segment !== undefined) return masterRow({ ...more, segment, base: row.symbol.toUpperCase(), name: row.name, ...(row.lotsize === 0 ? { lotSize: 1 } : {}) });
  return contract(row, more);
}

function contract({ symbol: written, expiry: day, strike }: Row, more: { readonly exchange: Exchange; readonly lotSize?: number }): MasterReading {
  const symbol = written.toUpperCase();
  const expiry = readDate(day);
  // Spot rows of commodities and currencies stand beside their contracts.
  if (expiry === undefined) return day === '' && !/(?:FUT|CE|PE)$/.test(symbol) ? SKIPPED : rejected(`expiry ${JSON.stringify(day.slice(0, 20))}`);
  const dated = formatExpiry(expiry);
  if (symbol.endsWith(`${dated}FUT`)) return masterRow({ ...more, segment: 'future', base: symbol.slice(0, -dated.length - 3), expiry });
  const at = symbol.lastIndexOf(dated);
  const [, , text = '', type] = OPTION.exec(`_${at === -1 ? '' : symbol.slice(at + dated.length)}`) ?? [];
  if (at < 1 || type === undefined) return rejected(`${JSON.stringify(symbol.slice(0, 40))} does not say expiry ${dated}`);
  if (strike !== undefined && strike > 0 && Number(text) !== strike) return rejected(`${symbol} has strike ${strike} in its column`);
  return masterRow({ ...more, segment: 'option', base: symbol.slice(0, at), expiry, strike: Number(text), optionType: type === 'CE' ? 'CE' : 'PE' });
}

function plainSegment(exchange: Exchange): Segment | undefined {
  if (exchange === 'NSE' || exchange === 'BSE') return 'cash';
  return exchange.endsWith('_INDEX') ? 'index' : undefined;
}
