import type { PaperAccount } from '../account';
import type { StoredTimeframe } from '../feed';
import type { Exchange } from '../market';
import type { Told } from '../told';
import type { BacktestTerms } from './terms';

/** A backtest as a node asks for it. Files are names inside the folder `data` of the state folder: nothing else can be read. */
export interface BacktestWish {
  /** editor: a deployed flow of the editor that runs the node, by its name; without one the flow that the node is in. text: a flow's file as text. */
  readonly flow: { readonly kind: 'editor'; readonly name?: string } | { readonly kind: 'text'; readonly text: string; readonly name?: string } | { readonly kind: 'file'; readonly file: string; readonly name?: string };
  /** Of the store: candles of this length or shorter ones that make it; default the shortest that are kept. */
  readonly data: { readonly kind: 'store'; readonly timeframe?: StoredTimeframe } | { readonly kind: 'file'; readonly file: string; readonly timeIs: 'start' | 'end' };
  /** Whose candles they are. */
  readonly exchange: Exchange;
  readonly symbol: string;
  /** `EXCHANGE:SYMBOL` that goes by the same candles: what the flow trades, where the data are an index'. */
  readonly standsFor?: string;
  /** Units in one lot of what is traded, where nobody knows it. */
  readonly lotSize?: number;
  /** First and last day, `YYYY-MM-DD` in India; default all that there is. */
  readonly from?: string;
  readonly to?: string;
  readonly account: PaperAccount;
  readonly charges: BacktestTerms['charges'];
}

/** What became of it: figures, trades and what the check of the flow found, as plain data; the report as one page; and both in a few words. */
export interface BacktestReport {
  readonly json: Readonly<Record<string, unknown>>;
  readonly page: string;
  readonly told: Told;
}
