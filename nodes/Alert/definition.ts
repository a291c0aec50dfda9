import { z } from 'zod';
import { defineNode } from '../../runtime/hosts/definition';
import { field } from '../../runtime/hosts/field';
import { fillTemplate, readSummary, severityOf, summaryOf } from './message';

/** Records an alert and sends it to its channel afterwards; the item passes at once, whatever the channel does. */
export const alert = defineNode({
  type: 'alert',
  title: 'Alert',
  description: 'Records an alert and sends it to Telegram, Discord, Slack or a webhook without holding up the flow',
  version: 1,
  outputs: [{ port: 'result', label: 'Result' }],
  connections: ['alertChannel'],
  subtitleParams: ['severity'],
  params: z.object({
    message: z.string().max(2_000).optional().register(field, {
      label: 'Message', help: 'Text with {field} placeholders from the item, such as {symbol} or {order.text}, which is the order in one line. Empty sends a summary.', placeholder: '{order.text}',
    }),
    severity: z.enum(['auto', 'info', 'warning', 'critical']).default('auto').register(field, {
      label: 'Severity', options: { auto: 'By Outcome', info: 'Info', warning: 'Warning', critical: 'Critical' }, help: 'By Outcome makes refusals, rejections and unknown outcomes warnings, everything else info.',
    }),
  }),
  /** Anything may be alerted about: what is no field of the envelope is only text here. */
  reads: z.looseObject({}),
  needs: () => ({}),
  decide(params, item) {
    const summary = readSummary(item);
    const written = params.message === undefined ? '' : fillTemplate(params.message, item);
    const message = written === '' ? summaryOf(summary) : written;
    const severity = params.severity === 'auto' ? severityOf(summary) : params.severity;
    return { kind: 'perform', commands: [{ kind: 'alert', severity, message }] };
  },
  conclude(_params, item, [result]) {
    if (result?.kind !== 'alert') throw new Error('The alert command gave no result.');
    const { key, status, duplicate } = result;
    return { kind: 'emit', emissions: [{ port: 'result', item: { ...item, alert: { key, status, duplicate } } }] };
  },
});
