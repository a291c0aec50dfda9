import { allRefused, type BacktestResult } from '../../domain/backtest';
import { FIGURES, type FigureName, type Figures, type Metrics } from '../../domain/metrics';
import type { Finding } from '../check';
import { html, type Markup } from './html';
import { dayOf, decimal, duration, figureText, moment, percent, rupees } from './words';

const NONE = html``;

/** The eight figures that are looked at first. */
export function headline({ all }: Metrics): Markup {
  const card = (name: FigureName, under: string, signed = false): Markup =>
    html`<div><dt>${FIGURES[name].label}</dt><dd class="${signed ? sign(all[name]) : ''}"${title(all, name)}>${name === 'netPnl' || name === 'maxDrawdown' ? whole(all, name) : figureText(all, name)}<span class="under">${under}</span></dd></div>`;
  const open = all.openTrades === undefined || all.openTrades === 0 ? '' : `, ${rupees(all.openPnl ?? 0, true)} open`;
  return html`<section class="cards" aria-label="Headline figures">
${card('netPnl', `after ${rupees(all.charges ?? 0, true)} charges${open}`, true)}${card('returnPercent', all.cagrPercent === undefined ? 'over the whole period' : `${percent(all.cagrPercent)} a year`, true)}
${card('maxDrawdown', all.maxDrawdownPercent === undefined ? '' : `${percent(all.maxDrawdownPercent)} below the peak`)}${card('sharpe', all.sortino === undefined ? 'daily, annualised by 252' : `Sortino ${decimal(all.sortino)}`)}
${card('totalTrades', `${all.winningTrades ?? 0} won, ${all.losingTrades ?? 0} lost`)}${card('winRatePercent', all.payoffRatio === undefined ? '' : `payoff ${decimal(all.payoffRatio)}`)}
${card('profitFactor', 'won over lost')}${card('expectancy', 'a trade, after charges', true)}
</section>`;
}

function whole(figures: Figures, name: FigureName): string {
  const value = figures[name];
  return value === undefined ? '–' : rupees(value, true);
}

function sign(value: number | undefined): string {
  return value === undefined || value === 0 ? '' : value > 0 ? 'gain' : 'loss';
}

/** Why a figure is absent. */
function title(figures: Figures, name: FigureName): Markup {
  const reason = figures.absent[name];
  return reason === undefined ? NONE : html` title="${reason}"`;
}

const GROUPS: readonly { readonly title: string; readonly names: readonly FigureName[] }[] = [
  { title: 'Result', names: ['netPnl', 'grossPnl', 'charges', 'openPnl', 'finalEquity', 'returnPercent', 'cagrPercent', 'sharpe', 'sortino', 'volatilityPercent'] },
  { title: 'Trades', names: ['totalTrades', 'winningTrades', 'losingTrades', 'winRatePercent', 'averageWin', 'averageLoss', 'payoffRatio', 'profitFactor', 'expectancy', 'bestTrade', 'worstTrade', 'longestLosingStreak'] },
  { title: 'Risk and activity', names: ['maxDrawdown', 'maxDrawdownPercent', 'drawdownPeakAt', 'drawdownTroughAt', 'drawdownRecoveredAt', 'longestDrawdownMs', 'exposureTimePercent', 'averageExposure', 'turnover', 'turnoverOnCapital', 'averageHoldingMs', 'openTrades'] },
];

/** Every figure, with its definition where the pointer rests and below the table. */
export function figuresSection({ all }: Metrics): Markup {
  const row = (name: FigureName): Markup => html`<div><dt title="${FIGURES[name].means}">${FIGURES[name].label}</dt><dd${title(all, name)}>${figureText(all, name)}</dd></div>`;
  const groups = GROUPS.map(({ title: of, names }) => html`<div><h3>${of}</h3><dl>${names.map(row)}</dl></div>`);
  const absent = Object.entries(all.absent).flatMap(([name, reason]) => (Object.hasOwn(FIGURES, name) ? [html`<li>${FIGURES[name as FigureName].label}: ${reason}</li>`] : []));
  const definitions = Object.values(FIGURES).map(({ label, means }) => html`<li><b>${label}.</b> ${means}</li>`);
  return html`<section><h2>Figures</h2><p class="soft small">In rupees, after charges unless said otherwise.</p><div class="groups">${groups}</div>
${absent.length === 0 ? NONE : html`<details><summary>Why some are missing</summary><ul class="small">${absent}</ul></details>`}
<details class="screen"><summary>How they are defined</summary><ul class="small">${definitions}</ul></details></section>`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** A month that returned this much has the strongest colour. */
const STRONGEST_PERCENT = 10;

/** Returns by month of India, with the year's. */
export function monthsSection({ months }: Metrics): Markup {
  const returns = new Map(months.map(({ name, figures }) => [name, figures.returnPercent]));
  const years = [...new Set(months.map(({ name }) => name.slice(0, 4)))].sort();
  if (years.length === 0) return NONE;
  const rows = years.map((year) => {
    const own = MONTHS.map((_, index) => returns.get(`${year}-${String(index + 1).padStart(2, '0')}`));
    const told = own.filter((value) => value !== undefined);
    const total = (told.reduce((product, value) => product * (1 + value / 100), 1) - 1) * 100;
    return html`<tr><th scope="row">${year}</th>${own.map((value) => html`<td${shade(value)}>${value === undefined ? '' : decimal(value)}</td>`)}<td class="total ${sign(total)}">${decimal(total)}</td></tr>`;
  });
  return html`<section><h2>Returns by month</h2><p class="soft small">Percent of the equity at the month's beginning; open positions at their last price.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Returns by month"><table class="months"><thead><tr><th scope="col">Year</th>${MONTHS.map((month) => html`<th scope="col">${month}</th>`)}<th scope="col">Year</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function shade(value: number | undefined): Markup {
  if (value === undefined || value === 0) return NONE;
  const strength = 0.08 + Math.min(1, Math.abs(value) / STRONGEST_PERCENT) * 0.42;
  return html` style="background-color: rgb(var(--${value > 0 ? 'gain' : 'loss'}-wash) / ${strength.toFixed(2)})"`;
}

/** Figures of each strategy, where there are several. */
export function strategiesSection({ strategies }: Metrics): Markup {
  if (strategies.length < 2) return NONE;
  const names: readonly FigureName[] = ['netPnl', 'charges', 'totalTrades', 'winRatePercent', 'profitFactor', 'expectancy', 'maxDrawdown', 'sharpe'];
  const rows = strategies.map(({ strategyId, figures }) => html`<tr><th scope="row">${strategyId}</th>${names.map((name) => html`<td class="number"${title(figures, name)}>${figureText(figures, name)}</td>`)}</tr>`);
  return html`<section><h2>Strategies</h2><p class="soft small">Drawdown and ratios of one strategy follow from its closed trades, on the whole capital.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Strategies"><table><thead><tr><th scope="col">Strategy</th>${names.map((name) => html`<th scope="col" class="number">${FIGURES[name].label}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

const REFUSALS_SHOWN = 100;

/** What was refused, by kind, with its first time. */
export function refusalsSection({ refusals }: BacktestResult): Markup {
  if (refusals.length === 0) return NONE;
  const kinds = new Map<string, { readonly first: BacktestResult['refusals'][number]; count: number }>();
  for (const refusal of refusals) {
    const key = JSON.stringify([refusal.node, refusal.code, refusal.instrument]);
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, { first: refusal, count: 1 });
    else known.count += 1;
  }
  const sorted = [...kinds.values()].sort((one, other) => other.count - one.count);
  const rows = sorted.slice(0, REFUSALS_SHOWN).map(({ first, count }) => html`<tr><td class="number">${count}</td><td>${first.node}</td><td>${first.instrument ?? ''}</td><td>${first.code}</td><td class="wide">${first.message}</td><td class="when">${moment(first.at)}</td></tr>`);
  return html`<section><h2>Refusals</h2><p class="soft small">Orders that the gate or the broker refused, and errors of nodes: ${refusals.length} in all${sorted.length > REFUSALS_SHOWN ? `, the ${REFUSALS_SHOWN} most frequent kinds` : ''}.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Refusals"><table><thead><tr><th scope="col" class="number">Times</th><th scope="col">Node</th><th scope="col">Instrument</th><th scope="col">Code</th><th scope="col">First message</th><th scope="col">First</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** What a reader must know before the figures. */
export function warningsSection(result: BacktestResult): Markup {
  const { warnings, stoppedEarly, until } = result;
  const refused = allRefused(result);
  const early = stoppedEarly ? [html`<li>It was stopped early: everything here is true up to ${moment(until)}.</li>`] : [];
  const rows = [...(refused === undefined ? [] : [html`<li><b>${refused.message}</b></li>`]), ...early, ...warnings.map(({ message, about, count }) => html`<li>${message}${about === undefined ? '' : ` (${about})`}${count > 1 && !message.includes(String(count)) ? `, ${count} times` : ''}</li>`)];
  return rows.length === 0 ? NONE : html`<section class="notice"><h2>Before you trust the figures</h2><ul>${rows}</ul></section>`;
}

/** What the check of the flow says of it. */
export function findingsSection(findings: readonly Finding[]): Markup {
  if (findings.length === 0) return NONE;
  const rows = findings.map(({ severity, nodes, text, remedy }) => html`<tr><td>${severity}</td><td>${nodes.join(', ')}</td><td class="wide">${text} <span class="soft">${remedy}</span></td></tr>`);
  return html`<section><h2>Check of the flow</h2><p class="soft small">What stands out in its wiring, whatever the figures say.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Check of the flow"><table><thead><tr><th scope="col">Severity</th><th scope="col">Nodes</th><th scope="col">What, and what to do</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

const LANES = { compiled: 'this engine', translated: 'this engine, by its reading of the node', 'node-red': 'a real Node-RED without its editor', ignored: 'not run: it decides nothing' } as const;

/** Where each node of the flow ran. */
export function lanesSection({ lanes }: BacktestResult): Markup {
  if (lanes.length === 0) return NONE;
  const rows = lanes.map(({ node, type, lane }) => html`<tr><td class="wide">${node}</td><td class="soft">${type}</td><td>${LANES[lane]}</td></tr>`);
  return html`<section><h2>Nodes</h2><p class="soft small">What ran each node of the flow.</p><div class="scroll" tabindex="0" role="region" aria-label="Nodes"><table><thead><tr><th scope="col">Node</th><th scope="col">Type</th><th scope="col">Ran in</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** Terms as they were given, with those every result has. */
export function termsSection({ mode, from, until, capital }: BacktestResult, terms: readonly (readonly [string, string])[]): Markup {
  const own: readonly (readonly [string, string])[] = [['Period', `${dayOf(from)} to ${dayOf(Math.max(from, until - 1))} (${duration(Math.max(0, until - from))})`], ['Capital', rupees(capital / 10_000, true)], ['Mode', mode], ...terms];
  return html`<section><h2>Terms</h2><table class="terms"><tbody>${own.map(([label, value]) => html`<tr><th scope="row">${label}</th><td class="wide">${value}</td></tr>`)}</tbody></table></section>`;
}
