import type { Envelope } from '../../runtime/domain/envelope';

/** The longest value one placeholder may bring in. */
const MAX_VALUE_LENGTH = 300;

/** `{path.to.field}` becomes the item's value; an unknown path becomes nothing. Only own properties are followed. */
export function fillTemplate(template: string, item: Envelope): string {
  return template.replace(/\{([A-Za-z_][\w.]{0,80})\}/g, (_whole, path: string) => textOf(valueAt(item, path.split('.')))).trim();
}

function valueAt(item: unknown, path: readonly string[]): unknown {
  let value: unknown = item;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}

/** What happened, in one line a trader reads on a phone. */
export function summaryOf(item: Envelope): string {
  const what = [item.action, item.quantity, item.symbol].filter((part) => part !== undefined).join(' ');
  if (item.denial !== undefined) return sentence('Refused', what, item.denial.message);
  if (item.order !== undefined) {
    const { action, filledQuantity, quantity, symbol, status, averagePrice } = item.order;
    const fill = averagePrice === undefined ? '' : ` at ${averagePrice}`;
    return `${status}: ${action} ${filledQuantity}/${quantity} ${symbol}${fill}`;
  }
  if (item.message !== undefined) return item.message;
  return what === '' ? `Signal from ${item.signal?.source ?? 'a flow'}` : `Signal: ${what}`;
}

function sentence(head: string, what: string, reason: string): string {
  return what === '' ? `${head}: ${reason}` : `${head} ${what}: ${reason}`;
}
