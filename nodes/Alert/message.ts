import { z } from 'zod';
import { Envelope } from '../../runtime/domain/envelope';
import type { OrderStatus } from '../../runtime/domain/order';
import { orderText } from '../../runtime/domain/orderText';
import { plainNumber, roundedNumber } from '../../runtime/domain/plainNumber';

const { action, quantity, symbol, message, signal, order, event, denial } = Envelope.shape;

/** What a summary is made of; a field of another shape is as good as absent. */
const Summary = z.object({
  action: action.catch(undefined), quantity: quantity.catch(undefined), symbol: symbol.catch(undefined), message: message.catch(undefined),
  signal: signal.catch(undefined), order: order.catch(undefined), event: event.catch(undefined), denial: denial.catch(undefined),
});
type Summary = z.infer<typeof Summary>;

export function readSummary(item: Envelope): Summary {
  return Summary.parse(item);
}

const TROUBLE: ReadonlySet<OrderStatus> = new Set(['REJECTED', 'DENIED', 'EXPIRED', 'UNKNOWN']);

/** An event says itself how grave it is; a refusal, and an order that came to nothing or to nobody knows what, are warnings at least. */
export function severityOf({ denial, order, event: happened }: Pick<Summary, 'denial' | 'order' | 'event'>): 'info' | 'warning' | 'critical' {
  const isTrouble = denial !== undefined || (order !== undefined && TROUBLE.has(order.status));
  const severity = happened?.severity ?? 'info';
  return isTrouble && severity === 'info' ? 'warning' : severity;
}

/** The longest value one placeholder may bring in. */
const MAX_VALUE_LENGTH = 300;

/** `{path.to.field}` becomes the item's value, a number as people read it; an unknown path becomes nothing. Only own properties are followed. */
export function fillTemplate(template: string, item: Envelope): string {
  let text = '';
  for (const part of partsOf(template)) text += typeof part === 'string' ? part : textOf(valueAt(item, part));
  return text.trim();
}

/** A template's literal text and the paths of its placeholders, in their order; a flow has a handful, each filled for every item. */
function partsOf(template: string): readonly (string | readonly string[])[] {
  const known = remembered.get(template);
  if (known !== undefined) return known;
  // Splitting by a pattern with one group: literals at even places, what the group took at odd ones.
  const parts = template.split(/\{([A-Za-z_][\w.]{0,80})\}/).map((part, index) => (index % 2 === 0 ? part : part.split('.')));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(template, parts);
  return parts;
}

const MAX_REMEMBERED = 200;
const remembered = new Map<string, readonly (string | readonly string[])[]>();

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
  const text = typeof value === 'string' ? value : typeof value === 'number' ? plainNumber(value) : jsonOf(value);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text;
}

/** An item may hold what is no data, such as a request that refers to itself: it is shown as nothing. */
function jsonOf(value: unknown): string {
  try {
    const text: unknown = JSON.stringify(value, (_name, each: unknown) => (typeof each === 'number' ? roundedNumber(each) : each));
    return typeof text === 'string' ? text : '';
  } catch {
    return '';
  }
}

/** What happened, in one line a trader reads on a phone. */
export function summaryOf(item: Summary): string {
  const what = [item.action, item.quantity === undefined ? undefined : plainNumber(item.quantity), item.symbol].filter((part) => part !== undefined).join(' ');
  if (item.denial !== undefined) return sentence('Refused', what, item.denial.message);
  if (item.order !== undefined) return item.order.text ?? orderText(item.order);
  if (item.event !== undefined) return item.event.message;
  if (item.message !== undefined && item.message !== '') return item.message;
  return what === '' ? `Signal from ${item.signal?.source ?? 'a flow'}` : `Signal: ${what}`;
}

function sentence(head: string, what: string, reason: string): string {
  return what === '' ? `${head}: ${reason}` : `${head} ${what}: ${reason}`;
}
