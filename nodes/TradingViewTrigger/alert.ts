import { ok, type Outcome } from '../../runtime/domain/denial';
import { isExitAction } from '../../runtime/domain/direction';
import { ENVELOPE_VERSION, type Envelope, type SignalInfo } from '../../runtime/domain/envelope';
import type { EpochMs } from '../../runtime/domain/time';
import type { InterpretContext } from '../../runtime/domain/webhook';
import { ACTION_WORDS, ACTIONS_WANTED, alertFields, fieldOf, invalid, missing, PRODUCT_WORDS, textOf, wordOf, type AlertFields } from '../alertFields';
import { alertInstrument, type AlertInstrument } from './instrument';
import { messageItem, SOURCE } from './message';
import type { TradingViewParams } from './parameters';
import { pricesOf } from './prices';
import { signalTime } from './signalTime';
import { sizesOf } from './sizing';

/** An alert that was understood. */
export interface AlertReading {
  readonly item: Envelope;
  /** What the sender calls this alert; absent where it gave none. */
  readonly id?: string;
}

const NAME_LENGTH = 200;
/** An exit closes what is held, or the quantity that the alert itself says: the node's default is one of entries, and no position is wanted. */
const EXIT_SIZES = { targetMode: false } as const;

/** Reads a JSON alert. Denies the first thing that is missing or wrong, by its field's name. */
export function readAlert(body: Readonly<Record<string, unknown>>, params: TradingViewParams, context: InterpretContext): Outcome<AlertReading> {
  const fields = alertFields(body);
  if (!fields.ok) return fields;
  const head = headOf(fields.value, params, context);
  if (!head.ok) return head;
  const message = messageIn(fields.value);
  const item = message === undefined ? orderItem(fields.value, head.value.at, params, context) : messageItem(message, head.value.at, params, context);
  return item.ok ? ok({ item: item.value, ...(head.value.id === undefined ? {} : { id: head.value.id }) }) : item;
}

/** Version, id and time: what an alert may have whatever it says. */
function headOf(fields: AlertFields, { maximumAgeSeconds }: TradingViewParams, { receivedAt }: InterpretContext): Outcome<{ readonly at: EpochMs; readonly id?: string }> {
  const version = fieldOf(fields, 'v');
  if (version !== undefined && Number(version.value) !== ENVELOPE_VERSION) return invalid(version, 'is no known version', `Send "v": ${ENVELOPE_VERSION}, or leave it out.`);
  const idField = fieldOf(fields, 'id');
  const id = idField === undefined ? undefined : textOf(idField);
  if (id?.ok === false) return id;
  const at = signalTime(fields, { receivedAt, maximumAgeSeconds });
  return at.ok ? ok({ at: at.value, ...(id === undefined ? {} : { id: id.value }) }) : at;
}

function orderItem(fields: AlertFields, at: EpochMs, params: TradingViewParams, context: InterpretContext): Outcome<Envelope> {
  const found = alertInstrument(fields, params.exchange, context);
  if (!found.ok) return found;
  const actionField = fieldOf(fields, 'action', 'side');
  if (actionField === undefined && !params.targetMode) return missing('action', 'The action', 'Add "action": "{{strategy.order.action}}", or one of BUY, SELL and EXIT.');
  const action = actionField === undefined ? undefined : wordOf(actionField, ACTION_WORDS, ACTIONS_WANTED);
  if (action?.ok === false) return action;
  const productField = fieldOf(fields, 'product');
  const product = productField === undefined ? ok(params.product) : wordOf(productField, PRODUCT_WORDS);
  if (!product.ok) return product;
  const sizes = sizesOf(fields, isExitAction(action?.value) ? EXIT_SIZES : params);
  if (!sizes.ok) return sizes;
  const prices = pricesOf(fields, params.orderType);
  if (!prices.ok) return prices;
  return ok({
    ...base(fields, at, found.value, prices.value.price),
    ...(action === undefined ? {} : { action: action.value }),
    ...sizes.value, product: product.value, ...prices.value.order,
  });
}

/** The item's head: who sent it, when, about what. */
function base(fields: AlertFields, at: EpochMs, { instrument, delayed }: AlertInstrument, price: number | undefined): Envelope {
  const name = nameOf(fields);
  const signal: SignalInfo = {
    id: SOURCE, source: SOURCE, at,
    ...(price === undefined ? {} : { price }), ...(name === undefined ? {} : { name }), ...(delayed ? { delayed } : {}),
  };
  return { v: ENVELOPE_VERSION, signal, exchange: instrument.exchange, symbol: instrument.symbol };
}

/** The first name that the sender gave; one that is no text names nothing. */
function nameOf(fields: AlertFields): string | undefined {
  const names = ['strategyname', 'strategy', 'alertname'].map((name) => fields.get(name)?.value);
  return names.find((value) => typeof value === 'string')?.trim().slice(0, NAME_LENGTH);
}

/** The text of an alert that says neither what nor which way. */
function messageIn(fields: AlertFields): string | undefined {
  const message = fields.get('message')?.value;
  const saysWhat = fieldOf(fields, 'symbol', 'ticker', 'tvinstrument', 'action', 'side');
  return saysWhat === undefined && typeof message === 'string' ? message : undefined;
}
