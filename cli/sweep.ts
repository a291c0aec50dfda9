import { parseArgs } from 'node:util';
import { isFigureName, FIGURES, type FigureName } from '../runtime/domain/metrics';
import { combinationsOf, inlineRunner, spanParts, sweepOver, walkForward, type SweepRow, type WalkForwardReport } from '../runtime/hosts/backtests';
import { allowed } from './allowed';
import { parsedWords, UsageError } from './arguments';
import { readSetup } from './backtestData';
import { figureText } from './backtestView';
import { TERMS_OPTIONS } from './backtestWords';
import { DEFINITIONS } from './definitions';
import { progressLine, type ProgressLine } from './progress';
import { readAxis, readComparison, readTemplate, readWindows } from './sweepWords';
import { formatTable, indianTime, type Column } from './table';
import type { Answer, Tool } from './tools';

const OPTIONS = {
  ...TERMS_OPTIONS, param: { type: 'string', multiple: true }, set: { type: 'string', multiple: true }, where: { type: 'string', multiple: true }, metric: { type: 'string' }, lowest: { type: 'boolean', default: false },
  top: { type: 'string' }, threads: { type: 'string' }, 'walk-forward': { type: 'string' }, json: { type: 'boolean', default: false },
} as const;

const DEFAULT_TOP = 20;
const MOST_THREADS = 256;
/** What the table shows beside the values and the metric. */
const BESIDE: readonly FigureName[] = ['netPnl', 'maxDrawdownPercent', 'totalTrades', 'winRatePercent', 'sharpe'];

/** `bellwether sweep <flow.json> --param …`: one flow with many values, on all cores; the best in front, and with --walk-forward what they were worth on data they were not chosen by. */
export const sweepTool: Tool = {
  async run(words, world): Promise<Answer> {
    const { values, positionals: [file, ...more] } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (file === undefined) throw new UsageError('sweep wants the file of a flow: bellwether sweep flow.json --data candles.csv --param "Enter.timeframe=5m,15m".');
    if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: one flow at a time.`);
    const { param = [], set = [], where = [] } = values;
    if (param.length === 0) throw new UsageError('What is to be varied? --param "Risk Gate.defaultQuantity=10,20", or --param fast=5..20:5 --set "Enter.condition=ema({fast}) crosses above ema(21)".');
    const combinations = allowed(combinationsOf({ axes: param.map(readAxis), templates: set.map(readTemplate), where: where.map(readComparison) }));
    if (combinations.length === 0) throw new UsageError('No combination is left: --where refuses all of them.');
    const metric = metricOf(values.metric);
    const windows = values['walk-forward'] === undefined ? undefined : readWindows(values['walk-forward']);
    const setup = await readSetup(file, values, world);
    const line = progressLine({ isTerminal: world.backtest?.isTerminal ?? false, now: () => world.now(), write: (text) => { world.err(text); } });
    const search = {
      setup, combinations, metric, direction: values.lowest ? 'lowest' as const : 'highest' as const, runner: world.backtest?.runner(threadsOf(values.threads)) ?? inlineRunner(DEFINITIONS),
      hooks: { onProgress: told(line), shouldStop: () => world.backtest?.interrupted() ?? false },
    };
    try {
      if (windows === undefined) {
        const rows = allowed(await sweepOver(search));
        return { text: values.json ? `${JSON.stringify({ metric, rows }, null, 2)}\n` : rowsText(rows, metric, topOf(values.top)), code: rows.length < combinations.length ? 130 : 0 };
      }
      const report = allowed(await walkForward(search, spanParts(setup.terms, windows)));
      return { text: values.json ? `${JSON.stringify({ metric, ...report }, null, 2)}\n` : forwardText(report, metric), code: report.stoppedEarly ? 130 : 0 };
    } finally {
      line.end();
    }
  },
};

function told(line: ProgressLine): (done: number, of: number) => void {
  return (done, of) => { line.show(done / of, `${Math.floor(done)} of ${of} backtests`); };
}

function metricOf(text: string | undefined): FigureName {
  if (text === undefined) return 'netPnl';
  if (!isFigureName(text)) throw new UsageError(`--metric is one of ${Object.keys(FIGURES).join(', ')}, not "${text}".`);
  return text;
}

function threadsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const threads = Number(text);
  if (!/^\d+$/.test(text) || threads < 1 || threads > MOST_THREADS) throw new UsageError(`--threads is a whole number from 1 to ${MOST_THREADS}, not "${text}".`);
  return threads;
}

function topOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TOP;
  if (!/^\d+$/.test(text) || text === '0') throw new UsageError(`--top is a whole number from 1, not "${text}".`);
  return Number(text);
}

function rowsText(rows: readonly SweepRow[], metric: FigureName, top: number): string {
  const shown = rows.slice(0, top);
  return `${table(shown, metric)}\n\n${shown.length < rows.length ? `The first ${shown.length} of ${rows.length}. ` : `${rows.length} backtests. `}The best of many is partly luck: see what it does on other data (--walk-forward train=6mo,test=1mo).\n`;
}

function table(rows: readonly SweepRow[], metric: FigureName): string {
  const names = Object.keys(rows[0]?.values ?? {});
  const figures = [metric, ...BESIDE.filter((name) => name !== metric)];
  const columns: readonly Column<SweepRow>[] = [
    ...names.map((name): Column<SweepRow> => ({ title: name.toUpperCase(), cell: ({ values }) => values[name] ?? '', width: 40 })),
    ...figures.map((name): Column<SweepRow> => ({ title: FIGURES[name].label.toUpperCase(), cell: (row) => (row.refused === undefined ? figureText(nullsLeftOut(row.figures), name) : '-') })),
    ...(rows.some(({ refused }) => refused !== undefined) ? [{ title: 'REFUSED', cell: ({ refused }: SweepRow) => refused ?? '', width: 60 }] : []),
  ];
  return formatTable(columns, rows);
}

function nullsLeftOut(figures: SweepRow['figures']): { readonly [K in FigureName]?: number } {
  return Object.fromEntries(Object.entries(figures ?? {}).filter(([, value]) => value !== null));
}

function forwardText({ windows, inSample, outOfSample, warnings }: WalkForwardReport, metric: FigureName): string {
  const day = (at: number): string => indianTime(at).slice(0, 10);
  const columns: readonly Column<WalkForwardReport['windows'][number]>[] = [
    { title: 'CHOSEN ON', cell: ({ train }) => `${day(train.from)} to ${day(train.until - 1)}` }, { title: 'TRIED ON', cell: ({ test }) => `${day(test.from)} to ${day(test.until - 1)}` },
    { title: 'VALUES', cell: ({ values }) => (values === null ? 'none' : Object.entries(values).map(([name, value]) => `${name}=${value}`).join(' ')), width: 60 },
    { title: `${FIGURES[metric].label.toUpperCase()} THERE`, cell: ({ trained }) => trained?.toFixed(2) ?? '-' }, { title: 'HERE', cell: ({ tested }) => tested?.[metric]?.toFixed(2) ?? '-' },
    { title: 'NET P&L HERE', cell: ({ tested }) => tested?.netPnl?.toFixed(2) ?? '-' }, { title: 'TRADES', cell: ({ tested }) => tested?.totalTrades ?? null },
  ];
  return [
    formatTable(columns, windows), '', `Net P&L on what it was chosen by: ${inSample.netPnl.toFixed(2)} in ${inSample.totalTrades} trades. On what it had not seen: ${outOfSample.netPnl.toFixed(2)} in ${outOfSample.totalTrades} trades.`,
    ...warnings.map((warning) => `Careful: ${warning}`), '',
  ].join('\n');
}
