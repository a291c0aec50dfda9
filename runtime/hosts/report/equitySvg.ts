import type { EquityPoints } from './equityPoints';
import { html, type Markup } from './html';
import { dayOf, percent, rupees } from './words';

const [WIDTH, HEIGHT, LEFT, TOP] = [1000, 300, 78, 14] as const;
const EQUITY_BOTTOM = 200;
const FALL = { top: 222, bottom: 276 } as const;
const MOST = 1_000;

/** Equity and drawdown as a drawing: for paper, and for readers that run no script. */
export function equitySvg({ time, equity, drawdown }: EquityPoints): Markup {
  const step = Math.max(1, Math.ceil(time.length / MOST));
  const kept = time.map((_, index) => index).filter((index) => index % step === 0 || index === time.length - 1);
  const [from, until] = [time[0] ?? 0, time.at(-1) ?? 1];
  const [low, high] = extent(equity);
  const deepest = Math.min(-0.01, extent(drawdown)[0]);
  const x = (index: number): number => LEFT + (((time[index] ?? from) - from) / Math.max(1, until - from)) * (WIDTH - LEFT - 8);
  const y = (value: number): number => EQUITY_BOTTOM - ((value - low) / Math.max(1e-9, high - low)) * (EQUITY_BOTTOM - TOP);
  const depth = (value: number): number => FALL.top + (value / deepest) * (FALL.bottom - FALL.top);
  const worth = kept.map((index) => `${x(index).toFixed(1)},${y(equity[index] ?? low).toFixed(1)}`).join(' ');
  const falls = kept.map((index) => `${x(index).toFixed(1)},${depth(drawdown[index] ?? 0).toFixed(1)}`).join(' ');
  const lines = [low, (low + high) / 2, high].map((value) => html`<line x1="${LEFT}" x2="${WIDTH - 8}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="#e1e5eb"/><text x="${LEFT - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${rupees(value, true)}</text>`);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Equity and drawdown over time">${lines}
<polyline points="${worth}" fill="none" stroke="#24548f" stroke-width="1.6" stroke-linejoin="round"/>
<polygon points="${LEFT},${FALL.top} ${falls} ${WIDTH - 8},${FALL.top}" fill="#bf2f2f" fill-opacity=".25" stroke="#bf2f2f" stroke-width=".8"/>
<text x="${LEFT - 8}" y="${FALL.bottom}" text-anchor="end">${percent(deepest)}</text><text x="${LEFT}" y="${HEIGHT - 6}">${dayOf(from * 1_000)}</text><text x="${WIDTH - 8}" y="${HEIGHT - 6}" text-anchor="end">${dayOf(until * 1_000)}</text></svg>`;
}

function extent(values: readonly number[]): readonly [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [values[0] ?? 0, values[0] ?? 0]);
}
