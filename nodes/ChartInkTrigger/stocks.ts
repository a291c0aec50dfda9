import { ok, type Outcome } from '../../runtime/domain/denial';
import { fieldOf, invalid, missing, type AlertField, type AlertFields } from '../alertFields';

/** One stock of a scan. `price` is as old as the scan, and null where the lists do not fit together. */
export interface ScannedStock {
  readonly symbol: string;
  readonly price: number | null;
}

/** Longer texts between two commas are shown and compared by their beginning only. */
const MAX_NAME = 60;

/** The stocks in their order: trimmed, blanks dropped, each once. Lists of unequal length give null prices. */
export function stocksOf(fields: AlertFields): Outcome<readonly ScannedStock[]> {
  const field = fieldOf(fields, 'stocks');
  if (field === undefined) return missing('stocks', 'The list of stocks', 'ChartInk sends it as "stocks": "SBIN,TCS".');
  const names = listOf(field);
  if (!names.ok) return names;
  const priceField = fieldOf(fields, 'triggerprices');
  const prices = priceField === undefined ? ok([]) : listOf(priceField);
  if (!prices.ok) return prices;
  const fit = prices.value.length === names.value.length;
  const stocks = new Map<string, ScannedStock>();
  for (const [index, name] of names.value.entries()) {
    const symbol = name.slice(0, MAX_NAME + 1);
    const key = symbol.toUpperCase();
    if (symbol !== '' && !stocks.has(key)) stocks.set(key, { symbol, price: fit ? priceOf(prices.value[index]) : null });
  }
  return stocks.size === 0 ? missing(field.name, 'The list of stocks', 'It holds no name.') : ok([...stocks.values()]);
}

function listOf(field: AlertField): Outcome<readonly string[]> {
  const { value } = field;
  if (typeof value === 'number') return ok([String(value)]);
  if (typeof value !== 'string') return invalid(field, 'is no comma-separated text', 'Send it as "SBIN,TCS".');
  return ok(value.split(',').map((part) => part.trim()));
}

/** Null for anything but an amount above zero: the price is information and refuses nothing. */
function priceOf(text = ''): number | null {
  const price = /^\d{1,12}(?:\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  return price > 0 ? price : null;
}
