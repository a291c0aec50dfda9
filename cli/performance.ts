import { parseArgs } from 'node:util';
import { allRefused, type BacktestResult } from '../runtime/domain/backtest';
import type { EpochMs } from '../runtime/domain/time';
import { FIGURES, isFigureName, metricsOf, type Figures, type Metrics } from '../runtime/domain/metrics';
import type { Store } from '../runtime/domain/ports';
import { addDays, indiaTime } from '../runtime/domain/session';
import { figureWords, resultJson, tearsheet } from '../runtime/hosts/report';
import { resultOfJournal } from '../runtime/services/performance';
import { allowed } from './allowed';
import { parsedWords, UsageError } from './arguments';
import { findHome } from './home';
import { formatTable, indianTime } from './table';
import type { Tool } from './tools';

const OPTIONS = {
  home: { type: 'string' }, account: { type: 'string' }, strategy: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, capital: { type: 'string' }, by: { type: 'string' },
  out: { type: 'string' }, json: { type: 'boolean', default: false },
} as const;

/** `bellwether performance`: what paper or live trading came to, from the journal: figures, a page (`--out`), or JSON in the shape of a backtest's. Days are India's, `--to` included. */
export const performanceTool: Tool = {
  async run(words, world) {
    const { values, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (positionals.length > 0) throw new UsageError('performance takes options only.');
    const { home, account, strategy, out } = values;
    if (out !== undefined && world.backtest === undefined) throw new Error('This process can not write reports.');
    const period = periodOf(values.by);
    const from = values.from === undefined ? {} : { from: dayStart(values.from, '--from') };
    const until = values.to === undefined ? world.now() + 1 : dayStart(addDays(dayWord(values.to, '--to'), 1), '--to');
    const capital = values.capital === undefined ? {} : { capital: rupeesOf(values.capital) };
    const store = await world.openStore(findHome(home, world));
    try {
      const result = allowed(await resultOfJournal(store, { account: await theAccount(store, account), ...(strategy === undefined ? {} : { strategyId: strategy }), ...from, until, ...capital }));
      const metrics = metricsOf(result);
      if (out !== undefined) world.backtest?.writeText(out, tearsheet(result, { metrics }));
      if (values.json) return `${JSON.stringify(resultJson(result, metrics), null, 2)}\n`;
      return `${readable(result, metrics, period)}\n${out === undefined ? '' : `\nReport: ${out}\n`}`;
    } finally {
      await store.close();
    }
  },
};

async function theAccount(store: Pick<Store, 'accounts'>, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const ids = (await store.accounts()).map(({ id }) => id);
  const [only] = ids;
  if (only === undefined) throw new Error('The journal knows no account yet: nothing was traded.');
  if (ids.length > 1) throw new UsageError(`Which account? --account ${ids.join(', or --account ')}.`);
  return only;
}

const PERIODS = { day: 'days', week: 'weeks', month: 'months' } as const;

function periodOf(word: string | undefined): keyof typeof PERIODS | undefined {
  if (word === undefined || word === 'day' || word === 'week' || word === 'month') return word;
  throw new UsageError(`--by is day, week or month, not "${word}".`);
}

function dayWord(text: string, option: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))) throw new UsageError(`${option} is a day such as 2026-11-20, not "${text}".`);
  return text;
}

function dayStart(text: string, option: string): EpochMs {
  return indiaTime(dayWord(text, option), '00:00');
}

function rupeesOf(text: string): number {
  const amount = Number(text);
  if (text.trim() === '' || !Number.isFinite(amount) || amount <= 0) throw new UsageError(`--capital is an amount in rupees, not "${text}".`);
  return amount;
}

function readable(result: BacktestResult, metrics: Metrics, period: keyof typeof PERIODS | undefined): string {
  const head = `${result.name}: ${result.mode}, ${indianTime(result.from)} to ${indianTime(result.until - 1)}`;
  const periods = period === undefined ? '' : periodTable(metrics[PERIODS[period]].map(({ name, figures }) => [name, figures]), period.toUpperCase());
  const strategies = metrics.strategies.length < 2 ? '' : periodTable(metrics.strategies.map(({ strategyId, figures }) => [strategyId, figures]), 'STRATEGY');
  const careful = result.warnings.map(({ message }) => `Careful: ${message}`).join('\n');
  return [head, allRefused(result)?.message ?? '', figuresTable(metrics.all), strategies, periods, careful].filter((part) => part !== '').join('\n\n');
}

function figuresTable(figures: Figures): string {
  const names = Object.keys(FIGURES).filter(isFigureName);
  return formatTable([{ title: 'FIGURE', cell: (name) => FIGURES[name].label }, { title: 'VALUE', cell: (name) => figureWords(figures, name) }, { title: '', cell: (name) => figures.absent[name] ?? '', width: 60 }], names);
}

type Row = readonly [name: string, figures: Figures];

function periodTable(rows: readonly Row[], title: string): string {
  const columns = (['totalTrades', 'netPnl', 'charges', 'winRatePercent', 'profitFactor', 'maxDrawdown'] as const).map((name) => ({ title: FIGURES[name].label.toUpperCase(), cell: ([, figures]: Row) => figureWords(figures, name) }));
  return formatTable([{ title, cell: ([name]: Row) => name, width: 30 }, ...columns], rows);
}
