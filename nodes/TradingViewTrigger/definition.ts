import { ok } from '../../runtime/domain/denial';
import { digest } from '../../runtime/domain/intentKey';
import { SECOND_MS } from '../../runtime/domain/time';
import { defineWebhookTrigger } from '../../runtime/hosts/definition';
import { canonical, isSecretName, secretOf } from '../alertFields';
import { readAlert } from './alert';
import { readText, secretInText, withoutKey } from './message';
import { allowedAddresses, TradingViewParams } from './parameters';

/** Reads TradingView's alerts: JSON in the forms that are about, an order line, or free text. */
export const tradingViewTrigger = defineWebhookTrigger({
  type: 'tradingViewTrigger',
  title: 'TradingView Trigger',
  description: 'Receives TradingView alerts, checks them and passes each on once as a signal',
  version: 1,
  outputs: [{ port: 'signal', label: 'Signal' }],
  connections: ['webhookSecret'],
  subtitleParams: ['exchange', 'product'],
  params: TradingViewParams,
  urlAuthenticates: false,
  secretIn: (body) => (body.kind === 'json' ? secretOf(body.value) : secretInText(body.text)),
  allowedAddresses,
  interpret(params, body, context) {
    const windowMs = params.repeatWindowSeconds * SECOND_MS;
    if (body.kind === 'text') {
      const text = withoutKey(body.text);
      const item = readText(text, params, context);
      return item.ok ? ok({ signals: [{ dedupeKey: digest(['text', text]), item: item.value }], refused: [], duplicateWindowMs: windowMs }) : item;
    }
    const read = readAlert(body.value, params, context);
    if (!read.ok) return read;
    const { item, id } = read.value;
    if (id !== undefined) return ok({ signals: [{ dedupeKey: digest(['id', id]), item }], refused: [] });
    return ok({ signals: [{ dedupeKey: digest(['content', canonical(body.value, isSecretName)]), item }], refused: [], duplicateWindowMs: windowMs });
  },
});
