import type { BacktestResult } from '../../domain/backtest';
import { html, type Markup } from './html';

const BACKTEST = [
  'Fills are simulated from candles. The queue at a price, the size that others would have taken, and what happened within a candle are assumptions, stated under Terms.',
  'Orders do not move the market here. Large quantities would have.',
  'A broker\'s outage, a rejected session, a delayed feed and a person\'s own trades in the account are not in history.',
  'A flow that was changed until it fitted this period will look better here than it will afterwards. Judge it by a period that nobody looked at.',
  'The data decides. Survivors only, unadjusted splits, missing days and wrong prices make wrong results without a sign.',
];
const TRADED = [
  'Made from the journal: what was traded through Bellwether. Trades of people in the broker\'s own app count only where they were adopted.',
  'Equity is the capital and what closed trades brought, at their exits. What is open is not marked to the market between, so drawdowns can have been deeper.',
  'Charges are those the broker reported, or else an estimate by the tariff of the day; the contract note decides.',
];
const PAPER = 'Paper fills are simulated from live prices: the queue at a price and the effect of the order itself are not known.';

/** What such a result can not know. */
export function notesSection({ mode }: Pick<BacktestResult, 'mode'>): Markup {
  const notes = mode === 'backtest' ? BACKTEST : mode === 'paper' ? [PAPER, ...TRADED] : TRADED;
  return html`<section><h2>What this can not know</h2><ul class="small">${notes.map((note) => html`<li>${note}</li>`)}</ul><p class="soft small" style="margin-top: 10px">Nothing here is advice, and nothing here says what a strategy will earn.</p></section>`;
}
