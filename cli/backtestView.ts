import type { BacktestResult } from '../runtime/domain/backtest';
import { fromMoney } from '../runtime/domain/money';
import { measuresOf } from '../runtime/hosts/backtests';
import type { LookaheadReport } from '../runtime/hosts/replay';
import { formatTable, indianTime } from './table';

/** Refusals of one kind are shown once, so many kinds at most. */
const KINDS_SHOWN = 8;

/** What a person wants to know first: figures, what ran where, what to be careful about. */
export function resultText(result: BacktestResult): string {
  const { name, from, until, capital } = result;
  const head = `${name}: ${indianTime(from)} to ${indianTime(until)}, capital ${fromMoney(capital).toLocaleString('en-IN')}`;
  const figures = formatTable([{ title: 'FIGURE', cell: ([key]: readonly [string, number | null]) => key }, { title: 'VALUE', cell: ([, value]: readonly [string, number | null]) => (value === null ? '-' : shown(value)) }], Object.entries(measuresOf(result)));
  return [head, figures, lanesText(result), refusalsText(result), warningsText(result)].filter((part) => part !== '').join('\n\n');
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
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
