import { createHash } from 'node:crypto';
import type { BacktestResult, RecordedCandles } from '../../domain/backtest';
import { metricsOf, type Metrics } from '../../domain/metrics';
import type { Finding } from '../check';
import { chartLibrary } from './chartLibrary';
import { equitySvg } from './equitySvg';
import { html, Markup, scriptJson } from './html';
import { notesSection } from './notes';
import { CHART_SCRIPT } from './page/chartScript';
import { STYLE } from './page/style';
import { TABLE_SCRIPT } from './page/tableScript';
import { MOST_TRADES, pageData, type PageData } from './pageData';
import { figuresSection, findingsSection, headline, lanesSection, monthsSection, refusalsSection, strategiesSection, termsSection, warningsSection } from './sections';
import { dayOf } from './words';

/** What a page shows beside the result itself. */
export interface TearsheetParts {
  /** Computed where it is not given. */
  readonly metrics?: Metrics;
  /** For the price charts; an instrument without any has none. */
  readonly candles?: readonly RecordedCandles[];
  /** What it was walked over and with (fees, slippage, data): rows of the terms' table, in the order given. */
  readonly terms?: readonly (readonly [label: string, value: string])[];
  /** What the check of the flow found. */
  readonly findings?: readonly Finding[];
}

const MODES = { backtest: 'Backtest', paper: 'Paper trading', live: 'Live trading' } as const;

/**
 * A result as one self-contained HTML page of 0.3 to some 10 MB. It needs no network (its policy forbids every request) and runs no script but its own, which the policy
 * names by hash: names and messages of a flow are text wherever they stand. Times are India's.
 */
export function tearsheet(result: BacktestResult, { metrics = metricsOf(result), candles = [], terms = [], findings = [] }: TearsheetParts = {}): string {
  const data = pageData(result, candles);
  const library = chartLibrary();
  const scripts = [library.script, TABLE_SCRIPT, CHART_SCRIPT];
  const policy = `default-src 'none'; script-src ${scripts.map(hashOf).join(' ')}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>${result.name}: ${MODES[result.mode]}</title>
<style>${new Markup(STYLE)}</style></head>
<body><a class="skip" href="#trades-of">Skip to the trades</a>
<header><div><span class="badge">${MODES[result.mode]}</span><h1>${result.name}</h1><p class="soft">${dayOf(result.from)} to ${dayOf(Math.max(result.from, result.until - 1))} · times in India (IST)</p></div><button type="button" id="theme" class="screen">Colours: system</button></header>
<main>${warningsSection(result)}${headline(metrics)}${equitySection(data)}${priceSection(data)}${monthsSection(metrics)}${figuresSection(metrics)}${strategiesSection(metrics)}${tradesSection(result)}${refusalsSection(result)}${findingsSection(findings)}${lanesSection(result)}${termsSection(result, terms)}${notesSection(result)}</main>
<footer><p>Made by Bellwether. Charts by TradingView Lightweight Charts™, © TradingView, Inc., <a href="https://www.tradingview.com/" rel="noreferrer">tradingview.com</a>, Apache License 2.0.</p><details class="screen"><summary>Licence of the charts</summary><pre>${library.licence}</pre></details></footer>
<script type="application/json" id="data">${new Markup(scriptJson(data))}</script>
${scripts.map((script) => new Markup(`<script>${script}</script>\n`))}</body>
</html>
`;
  return page.text;
}

function hashOf(script: string): string {
  return `'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`;
}

function equitySection({ equity }: PageData): Markup {
  return html`<section><h2>Equity and drawdown</h2><p class="soft small">Worth of the account after charges; below, how far it is under its peak.</p>
<div class="screen"><div class="legend" id="equity-legend" aria-hidden="true"></div><div class="chart" id="equity" role="img" aria-label="Chart of equity and drawdown. The figures below say the same in words."></div></div><figure class="print" style="margin: 0">${equitySvg(equity)}</figure></section>`;
}

function priceSection({ prices }: PageData): Markup {
  if (prices.length === 0) return html``;
  return html`<section id="prices" class="screen"><h2>Prices, entries and exits</h2><p class="soft small" id="price-note"></p>
<div class="bar"><label>Instrument <select id="symbol"></select></label><label>Bars <select id="timeframe"></select></label><button type="button" id="earlier" aria-label="Earlier">←</button><button type="button" id="later" aria-label="Later">→</button><button type="button" id="zoom-in" aria-label="Zoom in">+</button><button type="button" id="zoom-out" aria-label="Zoom out">−</button><button type="button" id="whole">Whole period</button><span class="legend" id="price-legend" aria-hidden="true"></span></div>
<div class="chart" id="price" role="img" aria-label="Candles with entries and exits. The list of trades says the same in words."></div>
<div class="key"><span><i style="color: var(--accent)">▲</i>long entry</span><span><i style="color: var(--accent)">▼</i>short entry</span><span><i class="gain">●</i>exit with profit</span><span><i class="loss">●</i>exit with loss</span><span>drag to move; pinch, or drag the time axis, to zoom</span><span id="crowded" role="status"></span></div></section>`;
}

const COLUMNS: readonly (readonly [label: string, key: string, kind?: 'number'])[] = [
  ['No.', 'number', 'number'], ['Entry and why', 'entry'], ['Exit and why', 'exit'], ['Instrument', 'symbol'], ['Side', 'side'], ['Quantity', 'quantity', 'number'], ['In at', 'entryPrice', 'number'], ['Out at', 'exitPrice', 'number'],
  ['Charges', 'charges', 'number'], ['P&L', 'pnl', 'number'],
];

function tradesSection({ trades }: BacktestResult): Markup {
  const cut = trades.length > MOST_TRADES ? ` The first ${MOST_TRADES.toLocaleString('en-IN')} of ${trades.length.toLocaleString('en-IN')} are listed; --json gives all.` : '';
  const heads = COLUMNS.map(([label, key, kind]) => html`<th scope="col"${kind === undefined ? html`` : html` class="number"`}${key === 'entry' ? html` aria-sort="ascending"` : html``}><button type="button" data-key="${key}">${label}</button></th>`);
  return html`<section id="trades-of"><h2>Trades</h2><p class="soft small">Round trips, first in first out. A row shows its trade in the chart.${cut} <span id="printed"></span></p>
<div class="bar"><input class="grow" id="filter" type="search" placeholder="Find a symbol, node or reason" aria-label="Find a symbol, node or reason"><select id="side" aria-label="Side"><option value="">Long and short</option><option value="long">Long</option><option value="short">Short</option></select><select id="outcome" aria-label="Outcome"><option value="">Every outcome</option><option value="won">Won</option><option value="lost">Lost</option><option value="open">Open</option></select>
<span class="soft small" id="count" role="status"></span><button type="button" id="previous">Earlier rows</button><button type="button" id="next">Later rows</button></div>
<div class="scroll" tabindex="0" role="region" aria-label="Trades"><table id="trades"><thead><tr>${heads}</tr></thead><tbody></tbody></table></div></section>`;
}
