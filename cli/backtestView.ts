import { allRefused, type BacktestResult } from '../runtime/domain/backtest';
import { fromMoney } from '../runtime/domain/money';
import { FIGURES, metricsOf, type FigureName, type Figures } from '../runtime/domain/metrics';
import type { LookaheadReport } from '../runtime/hosts/replay';
import { formatTable, indianTime } from './table';

/** Refusals of one kind are shown once, so many kinds at most. */
const KINDS_SHOWN = 8;

/** What a person wants to know first: why nothing was traded where everything was refused, figures, what ran where, what to be careful about. */
export function resultText(result: BacktestResult): string {
  const { name, from, until, capital } = result;
  const head = `${name}: ${indianTime(from)} to ${indianTime(until)}, capital ${fromMoney(capital).toLocaleString('en-IN')}`;
  const { all } = metricsOf(result);
  const figures = formatTable([{ title: 'FIGURE', cell: (name: FigureName) => FIGURES[name].label }, { title: 'VALUE', cell: (name: FigureName) => figureText(all, name).padStart(16) }], HEADLINES);
  return [head, allRefused(result)?.message ?? '', figures, lanesText(result), refusalsText(result), warningsText(result)].filter((part) => part !== '').join('\n\n');
}

/** What a person looks at first; all figures are in --json and in the report. */
const HEADLINES = [
  'netPnl', 'grossPnl', 'charges', 'openPnl', 'finalEquity', 'returnPercent', 'maxDrawdown', 'maxDrawdownPercent', 'totalTrades', 'winRatePercent', 'profitFactor', 'expectancy', 'sharpe', 'exposureTimePercent',
] as const satisfies readonly FigureName[];

/** A figure for a terminal; a dash where there is none. */
export function figureText(figures: Pick<Figures, FigureName>, name: FigureName): string {
  const value = figures[name];
  if (value === undefined) return '-';
  const { unit } = FIGURES[name];
  if (unit === 'count') return String(value);
  if (unit === 'time') return indianTime(value);
  if (unit === 'ms') return `${(value / 3_600_000).toFixed(1)} h`;
  if (unit === 'percent') return `${value.toFixed(2)} %`;
  return value.toLocaleString('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function lanesText({ lanes }: BacktestResult): string {
  return lanes.length === 0 ? '' : formatTable([{ title: 'NODE', cell: ({ node }) => node, width: 40 }, { title: 'TYPE', cell: ({ type }) => type, width: 50 }, { title: 'LANE', cell: ({ lane }) => lane }], lanes);
}

function refusalsText({ refusals }: BacktestResult): string {
  const kinds = new Map<string, { readonly node: string; readonly code: string; readonly message: string; count: number }>();
  for (const { node, code, message } of refusals) {
    const known = kinds.get(`${node} ${code}`);
    if (known === undefined) kinds.set(`${node} ${code}`, { node, code, message, count: 1 });
    else known.count += 1;
  }
  if (kinds.size === 0) return '';
  const rows = [...kinds.values()].toSorted((a, b) => b.count - a.count).slice(0, KINDS_SHOWN);
  return `Refused:\n${formatTable([{ title: 'TIMES', cell: ({ count }) => count }, { title: 'NODE', cell: ({ node }) => node, width: 24 }, { title: 'CODE', cell: ({ code }) => code }, { title: 'FIRST', cell: ({ message }) => message, width: 90 }], rows)}`;
}

function warningsText({ warnings }: BacktestResult): string {
  return warnings.length === 0 ? '' : `Careful:\n${warnings.map(({ message, count }) => `  ${message}${count > 1 && !message.includes(String(count)) ? ` (${count} times)` : ''}`).join('\n')}`;
}

/** Whether the flow saw the future, and where. */
export function lookaheadText({ clean, cuts }: LookaheadReport): string {
  if (clean) return `No look-ahead: at ${cuts.length} cuts, another future changed nothing that was decided before.`;
  return ['LOOK-AHEAD: another future changed what was decided before it.', ...cuts.flatMap(({ at, difference }) => (difference === undefined ? [] : [`  ${indianTime(at)}: ${difference}`]))].join('\n');
}
