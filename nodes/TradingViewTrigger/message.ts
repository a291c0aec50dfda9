import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import { isExitAction, type OrderAction } from '../../runtime/domain/direction';
import { ENVELOPE_VERSION, type Envelope } from '../../runtime/domain/envelope';
import type { EpochMs } from '../../runtime/domain/time';
import type { InterpretContext } from '../../runtime/domain/webhook';
import { ACTION_WORDS, invalid, missing, quantityOf, wordOf, type AlertField } from '../alertFields';
import { resolved } from './instrument';
import type { TradingViewParams } from './parameters';

/** How signals of this trigger name where they come from. */
export const SOURCE = 'tradingview';
/** `BUY SBIN 10`, `EXIT SBIN ALL`: action, symbol, quantity, and nothing else. */
const ORDER_LINE = new RegExp(String.raw`^(${Object.keys(ACTION_WORDS).join('|')})\s+(\S+)\s+([+-]?[\d.,]+%?|all)$`, 'i');
/** A key inside a text alert: `secret=…`, `apikey: …`, or what is left of JSON that lost its braces. */
const KEY_IN_TEXT = /\b(?:secret|api_?key)["']?\s{0,9}[=:]\s{0,9}["']?([^\s"',;}]+)["']?/i;

/** The key that a text carries, if it does. */
export function secretInText(text: string): string | undefined {
  return KEY_IN_TEXT.exec(text)?.[1];
}

/** The text without the key. */
export function withoutKey(text: string): string {
  return text.replace(KEY_IN_TEXT, '').trim();
}

/** An order line becomes an order; any other text a message, or what the node says. */
export function readText(text: string, params: TradingViewParams, context: InterpretContext): Outcome<Envelope> {
  const line = ORDER_LINE.exec(text);
  return line === null ? messageItem(text, context.receivedAt, params, context) : orderLine(line, params, context);
}

function orderLine([, action = '', symbol = '', quantity = '']: RegExpExecArray, params: TradingViewParams, context: InterpretContext): Outcome<Envelope> {
  const found = resolved({ name: 'symbol', value: symbol }, undefined, params.exchange, context);
  if (!found.ok) return found;
  const side = wordOf({ name: 'action', value: action }, ACTION_WORDS);
  if (!side.ok) return side;
  const units = unitsOf({ name: 'quantity', value: quantity }, side.value);
  if (!units.ok) return units;
  const { instrument, delayed } = found.value;
  return ok({
    v: ENVELOPE_VERSION, signal: { id: SOURCE, source: SOURCE, at: context.receivedAt, ...(delayed ? { delayed } : {}) },
    exchange: instrument.exchange, symbol: instrument.symbol, action: side.value,
    ...(units.value === undefined ? {} : { quantity: units.value }), product: params.product, orderType: params.orderType,
  });
}

/** Undefined for all that is held, which only an exit may say. */
function unitsOf(field: AlertField, action: OrderAction): Outcome<number | undefined> {
  if (!/^all$/i.test(String(field.value))) return quantityOf(field);
  return isExitAction(action) ? ok(undefined) : invalid(field, 'is no number', 'ALL is for an EXIT.');
}

/** A free text travels as `message`. It is an order only where the node itself says of what. */
export function messageItem(message: string, at: EpochMs, params: TradingViewParams, context: InterpretContext): Outcome<Envelope> {
  if (message === '') return deny('MALFORMED_BODY', 'The alert is empty.', { field: 'body', remedy: 'Write something besides the key.' });
  const item: Envelope = { v: ENVELOPE_VERSION, signal: { id: SOURCE, source: SOURCE, at }, message };
  switch (params.messages) {
    case 'deliver': return ok(item);
    case 'refuse': return deny('MALFORMED_BODY', 'The alert is a text and no order.', { field: 'body', remedy: 'Send JSON or a line such as BUY SBIN 10, or choose another setting for text alerts.' });
    case 'order': return fixedOrder(item, params, context);
  }
}

function fixedOrder(item: Envelope, params: TradingViewParams, context: InterpretContext): Outcome<Envelope> {
  const { messageSymbol: symbol, messageAction: action, quantity, product, orderType } = params;
  if (symbol === undefined) return missing('messageSymbol', 'The symbol for text alerts', 'Set it in the trigger.');
  const found = resolved({ name: 'messageSymbol', value: symbol }, undefined, params.exchange, context);
  if (!found.ok) return found;
  const { exchange, symbol: name } = found.value.instrument;
  return ok({ ...item, exchange, symbol: name, action, product, orderType, ...(quantity === undefined || isExitAction(action) ? {} : { quantity }) });
}
