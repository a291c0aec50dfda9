import { ok, type Outcome } from '../../runtime/domain/denial';
import type { Envelope } from '../../runtime/domain/envelope';
import { fieldOf, invalid, missing, numberOf, positiveNumberOf, quantityOf, textOf, wordOf, type AlertField, type AlertFields } from '../alertFields';

type Sizes = Pick<Envelope, 'quantity' | 'sizePercent' | 'riskAmount' | 'targetQuantity' | 'stopLoss'>;

/** TradingView's own size of a position, and the ways in which it is written. */
const SIZE_NAMES = ['positionsize', 'marketpositionsize'] as const;

/**
 * How much. In target mode the position wanted, and nothing else. Otherwise the first of: a quantity, a position size in percent,
 * an amount at risk, the node's default. A bare position size says nothing outside target mode. Without any of them the nodes that follow decide.
 */
export function sizesOf(fields: AlertFields, params: { readonly targetMode: boolean; readonly quantity?: number | undefined }): Outcome<Sizes> {
  const stop = optional(fieldOf(fields, 'stoploss', 'sl'), positiveNumberOf);
  if (!stop.ok) return stop;
  const rest = stop.value === undefined ? {} : { stopLoss: stop.value };
  const size = params.targetMode ? targetOf(fields) : firstSize(fields, params.quantity);
  return size.ok ? ok({ ...size.value, ...rest }) : size;
}

function firstSize(fields: AlertFields, otherwise: number | undefined): Outcome<Sizes> {
  const quantity = quantityIn(fields);
  if (!quantity.ok) return quantity;
  if (quantity.value !== undefined) return ok({ quantity: quantity.value });
  const percent = percentIn(fields);
  if (!percent.ok) return percent;
  if (percent.value !== undefined) return ok({ sizePercent: percent.value });
  const risk = optional(fieldOf(fields, 'riskamount'), positiveNumberOf);
  if (!risk.ok) return risk;
  if (risk.value !== undefined) return ok({ riskAmount: risk.value });
  return ok(otherwise === undefined ? {} : { quantity: otherwise });
}

function quantityIn(fields: AlertFields): Outcome<number | undefined> {
  const currency = fieldOf(fields, 'order.currencytype');
  const field = fieldOf(fields, 'quantity', 'qty', 'contracts', 'order.amount');
  if (field !== undefined && field === fields.get('order.amount') && currency !== undefined) {
    const known = wordOf(currency, { BASE: true, UNITS: true }, 'base');
    if (!known.ok) return known;
  }
  return optional(field, quantityOf);
}

/** Only with the percent sign: a bare 10 is ten of something. */
function percentIn(fields: AlertFields): Outcome<number | undefined> {
  const field = fieldOf(fields, ...SIZE_NAMES);
  if (field === undefined || !isPercent(field)) return ok(undefined);
  const percent = positiveNumberOf({ name: field.name, value: String(field.value).trim().slice(0, -1).trim() });
  if (!percent.ok) return percent;
  return percent.value > 100 ? invalid(field, 'is more than 100 %', 'Send at most 100%.') : ok(percent.value);
}

/** A signed size, or a size and the side it is on: `long`, `short`, `flat`. */
function targetOf(fields: AlertFields): Outcome<Sizes> {
  const side = optional(fieldOf(fields, 'position', 'marketposition'), sideOf);
  if (!side.ok) return side;
  if (side.value === 'FLAT') return ok({ targetQuantity: 0 });
  const size = fieldOf(fields, ...SIZE_NAMES) ?? (typeof side.value === 'number' ? fieldOf(fields, 'position') : undefined);
  if (size === undefined) return missing('position_size', 'The position wanted', 'Add "position_size": "{{strategy.position_size}}", or switch target mode off.');
  if (isPercent(size)) return invalid(size, 'is a percentage', 'Target mode wants a signed number of units.');
  const number = numberOf(size);
  if (!number.ok) return number;
  if (!Number.isSafeInteger(number.value)) return invalid(size, 'is no whole number of units', 'Round it in the alert.');
  if (typeof side.value !== 'string') return ok({ targetQuantity: number.value });
  if (side.value === 'LONG' && number.value < 0) return invalid(size, 'is negative and the position is long', 'Send one side: position, or the sign.');
  const target = side.value === 'SHORT' ? -Math.abs(number.value) : number.value;
  return ok({ targetQuantity: target === 0 ? 0 : target });
}

/** `position` may hold the side or, bare, the signed size itself. */
function sideOf(field: AlertField): Outcome<'LONG' | 'SHORT' | 'FLAT' | number> {
  const text = textOf(field);
  if (!text.ok) return text;
  if (/^[+-]?\d/.test(text.value)) return numberOf(field);
  return wordOf<'LONG' | 'SHORT' | 'FLAT'>(field, { LONG: 'LONG', SHORT: 'SHORT', FLAT: 'FLAT' });
}

function isPercent({ value }: AlertField): boolean {
  return typeof value === 'string' && value.trim().endsWith('%');
}

function optional<T>(field: AlertField | undefined, read: (field: AlertField) => Outcome<T>): Outcome<T | undefined> {
  return field === undefined ? ok(undefined) : read(field);
}
