import { deny } from '../../runtime/domain/denial';
import { defineWebhookTrigger } from '../../runtime/hosts/definition';
import { secretOf } from '../alertFields';
import { ChartInkParams } from './parameters';
import { readScan } from './scan';

/** Reads ChartInk's scan alerts: one signal for each stock. */
export const chartInkTrigger = defineWebhookTrigger({
  type: 'chartInkTrigger',
  title: 'ChartInk Trigger',
  description: 'Receives ChartInk scan alerts and passes one signal on for each stock',
  version: 1,
  outputs: [{ port: 'signal', label: 'Signal' }],
  connections: ['webhookSecret'],
  subtitleParams: ['action', 'product'],
  params: ChartInkParams,
  // ChartInk can not be given a key; a key that somebody does send is checked.
  urlAuthenticates: true,
  secretIn: (body) => (body.kind === 'json' ? secretOf(body.value) : undefined),
  interpret(params, body, context) {
    if (body.kind === 'json') return readScan(body.value, params, context);
    return deny('MALFORMED_BODY', 'A scan alert is a JSON object.', { field: 'body', remedy: 'Send ChartInk’s own body: {"stocks":"SBIN,TCS","scan_name":"…"}.' });
  },
});
