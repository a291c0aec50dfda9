import { z } from 'zod';
import { Envelope } from '../../runtime/domain/envelope';
import { metricsOf } from '../../runtime/domain/metrics';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { field } from '../../runtime/hosts/field';
import { metricsJson, resultWords, tearsheet } from '../../runtime/hosts/report';

/** A month has 31 days at most, so that the month so far is always inside. */
const DAYS = { today: 1, week: 7, month: 31, year: 366 } as const;

/** What was traded on paper or live: figures, and a report as one page. */
export const performance = defineNode({
  type: 'performance',
  title: 'Performance',
  description: 'Figures and a report of what was traded, from the journal',
  version: 1,
  outputs: [{ port: 'result', label: 'Result' }],
  connections: ['account'],
  subtitleParams: ['scope', 'period'],
  params: z.object({
    scope: z.enum(['strategy', 'account']).default('strategy').register(field, { label: 'Scope', options: { strategy: 'This Strategy', account: 'Whole Account' }, help: 'Whose trades to look at.' }),
    period: z.enum(['today', 'week', 'month', 'year', 'all']).default('month').register(field, {
      label: 'Period', options: { today: 'Today', week: 'Last 7 Days', month: 'Last 31 Days', year: 'Last 366 Days', all: 'From the First Trade' }, help: 'Trades that were closed or open in it; days of India.',
    }),
    report: z.boolean().default(true).register(field, { label: 'Make a Report', help: 'Whether a page with charts and the list of trades leaves with the item.' }),
    riskFreePercent: z.number().min(0).max(50).default(0).register(field, { label: 'Risk-Free Rate', unit: '% a year', help: 'What the Sharpe and Sortino ratios measure against.' }),
  }),
  reads: Envelope.pick({}),
  ignoresItem: () => true,
  needs: ({ scope, period }) => ({ traded: { kind: 'performance', scope, ...(period === 'all' ? {} : { days: DAYS[period] }) } }),
  decide({ report, riskFreePercent }, item, { traded }): Step<'result'> {
    if (!traded.ok) return { kind: 'refuse', denial: traded.denial };
    const result = traded.value;
    const metrics = metricsOf(result, { riskFreePercent });
    const { mode, from, until, capital } = result;
    const performance = { name: result.name, mode, from, until, capital: capital / 10_000, metrics: metricsJson(metrics), warnings: result.warnings.map(({ message }) => message) };
    const files = report ? { files: [{ name: 'report.html', mimeType: 'text/html', text: tearsheet(result, { metrics }) }] } : {};
    return { kind: 'emit', emissions: [{ port: 'result', item: { ...item, performance }, ...files, told: { text: resultWords(metrics.all), details: performance.warnings, isWarning: false } }] };
  },
  conclude: () => { throw new Error('Performance asks for nothing to be done.'); },
});
