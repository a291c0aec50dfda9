import { deny, ok, type Denial, type Outcome } from '../../runtime/domain/denial';
import { readExchange, type ExchangeReading } from '../../runtime/domain/instrument';
import type { Exchange, Instrument } from '../../runtime/domain/market';
import type { InterpretContext } from '../../runtime/domain/webhook';
import { fieldOf, invalid, missing, PLACEHOLDER_REMEDY, textOf, type AlertField, type AlertFields } from '../alertFields';

export interface AlertInstrument {
  readonly instrument: Instrument;
  /** The exchange was named with `_DL` or `_DLY`. */
  readonly delayed: boolean;
}

/**
 * What the alert is about. The exchange is the field's, else the symbol's prefix (`NSE:SBIN`), else the node's.
 * Denies MISSING_FIELD, INVALID_FIELD, and what the symbol grammar denies, under the sender's own field name.
 */
export function alertInstrument(fields: AlertFields, exchange: Exchange, context: InterpretContext): Outcome<AlertInstrument> {
  const symbol = fieldOf(fields, 'symbol', 'ticker', 'tvinstrument');
  if (symbol === undefined) return missing('symbol', 'The symbol', 'Add "symbol": "{{ticker}}" to the alert.');
  return resolved(symbol, fieldOf(fields, 'exchange', 'tvexchange'), exchange, context);
}

/** The same for a symbol that stands alone, as in an order line. */
export function resolved(symbol: AlertField, named: AlertField | undefined, otherwise: Exchange, context: InterpretContext): Outcome<AlertInstrument> {
  if (typeof symbol.value !== 'string') return invalid(symbol, 'is no text', 'Send "symbol": "{{ticker}}".');
  const prefix = /^([^:]*):/.exec(symbol.value)?.[1];
  const exchange = exchangeOf(named, prefix, otherwise);
  if (!exchange.ok) return exchange;
  const delayed = exchange.value.delayed || (prefix !== undefined && /_(?:DL|DLY)\s*$/i.test(prefix));
  const found = context.resolve(exchange.value.exchange, symbol.value);
  return found.ok ? ok({ instrument: found.value, delayed }) : { ok: false, denial: namedAs(symbol, found.denial) };
}

function exchangeOf(named: AlertField | undefined, prefix: string | undefined, otherwise: Exchange): Outcome<ExchangeReading> {
  if (named === undefined) {
    // A prefix that is no exchange leaves the text to the grammar, which refuses it as a symbol.
    const fromPrefix = prefix === undefined ? undefined : readExchange(prefix);
    return fromPrefix?.ok === true ? fromPrefix : ok({ exchange: otherwise, delayed: false });
  }
  const text = textOf(named);
  if (!text.ok) return text;
  const read = readExchange(text.value);
  return read.ok ? read : { ok: false, denial: { ...read.denial, field: named.name } };
}

function namedAs(symbol: AlertField, denial: Denial): Denial {
  const unfilled = typeof symbol.value === 'string' && symbol.value.includes('{{');
  return deny(denial.code, denial.message, { ...denial, field: symbol.name, ...(unfilled ? { remedy: PLACEHOLDER_REMEDY } : {}) }).denial;
}
