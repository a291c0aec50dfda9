import type { AccountState } from './accountState';
import type { Approval } from './approval';
import type { BacktestResult } from './backtest';
import type { BacktestReport, BacktestWish } from './backtest';
import type { ChaseTerms } from './chase';
import type { Lookup } from './condition';
import type { Denial, Outcome } from './denial';
import type { AllowedDirection } from './direction';
import type { OrderView, PositionView } from './envelope';
import type { Convention, Depth, SeenCandle, SeriesSnapshot } from './feed';
import type { Exchange, Instrument, Quote } from './market';
import type { Fence } from './lease';
import type { Money } from './money';
import type { Action, IntentDraft, Origin, Product } from './order';
import type { AlertStatus, Funds, HeldLock, OrderChange } from './ports';
import type { FlowLimits } from './risk';
import type { Protection, ProtectionRevision, ProtectionTerms } from './protection';
import type { ReEntryTerms } from './reEntry';
import type { EpochMs } from './time';

// ---------------------------------------------------------------- what a node may want to know

/** A symbol that was found, with what is known of it now. */
export interface Tradable {
  readonly instrument: Instrument;
  readonly quote?: Quote;
  /** Margin that one unit blocks in the asked product at the last price, bought; absent without a price. */
  readonly marginPerUnit?: Money;
  /** The same of a sold one, where that blocks another margin: an option. */
  readonly marginPerUnitSold?: Money;
}

/** A symbol as a person wrote it; the product decides the margin. */
export interface TradableQuery {
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly product: Product;
}

/** A symbol on an exchange, as a person wrote it. */
export type SymbolQuery = Pick<TradableQuery, 'exchange' | 'symbol'>;

/** Indicators of one instrument as of a moment. */
export interface SeriesQuery extends SymbolQuery {
  readonly timeframe: string;
  /** All that will be asked. */
  readonly lookups: readonly Lookup[];
  readonly convention: Convention;
  /** Candles that closed later are not seen; default: now. */
  readonly asOf?: EpochMs;
}

/** The newest `limit` closed candles, and the forming one behind them where it is wanted. */
export interface CandlesQuery extends SymbolQuery {
  readonly timeframe: string;
  readonly limit: number;
  readonly forming?: boolean;
  readonly asOf?: EpochMs;
}

export interface SearchQuery {
  /** Words of a symbol or a company's name. */
  readonly text: string;
  readonly exchange?: Exchange;
  readonly limit: number;
}

/** Data a node declares before it decides. Every kind has one result type. */
export type Need =
  | ({ readonly kind: 'tradable' } & TradableQuery)
  | { readonly kind: 'tradables'; readonly queries: readonly TradableQuery[] }
  | { readonly kind: 'positions'; readonly scope: 'strategy' | 'account'; readonly exchange?: Exchange; readonly symbol?: string }
  | { readonly kind: 'funds' }
  | { readonly kind: 'locks' }
  /** How the account stands towards its limits. */
  | { readonly kind: 'accountState' }
  | { readonly kind: 'identity' }
  /** One that may be an index, which has no margin. NO_PRICE where the source has none. */
  | ({ readonly kind: 'quote' } & SymbolQuery)
  /** Best prices by level. Waits a moment for the first, where nobody has watched the instrument yet. */
  | ({ readonly kind: 'depth' } & SymbolQuery)
  | ({ readonly kind: 'candles' } & CandlesQuery)
  | { readonly kind: 'seriesOf'; readonly queries: readonly SeriesQuery[] }
  | ({ readonly kind: 'series' } & SeriesQuery)
  | ({ readonly kind: 'search' } & SearchQuery)
  /** A question to a person as it stands now. */
  | { readonly kind: 'approval'; readonly id: string }
  /** What was traded, from the journal: the last `days` days of India with today (absent: from the first trade on), of the node's own strategy or of the account. */
  | { readonly kind: 'performance'; readonly scope: 'strategy' | 'account'; readonly days?: number }
  /** For an operation that does not look at this. */
  | { readonly kind: 'none' };

export interface NeedResults {
  readonly tradable: Outcome<Tradable>;
  /** In the order of the queries. */
  readonly tradables: readonly Outcome<Tradable>[];
  readonly positions: readonly PositionView[];
  readonly funds: Funds;
  readonly locks: readonly HeldLock[];
  readonly accountState: AccountState;
  /** Who the node is and which signal it works on. */
  readonly identity: Origin;
  readonly quote: Outcome<QuotedInstrument>;
  readonly depth: Outcome<Depth>;
  /** Oldest first. */
  readonly candles: Outcome<SeenCandles>;
  readonly series: Outcome<SeriesSnapshot>;
  /** In the order of the queries. */
  readonly seriesOf: readonly Outcome<SeriesSnapshot>[];
  /** Best match first. */
  readonly search: Outcome<readonly Instrument[]>;
  /** Of the flow's own strategy. `signalId`: of the one signal that its answer is. */
  readonly approval: { readonly now: EpochMs; readonly approval?: Approval; readonly signalId?: string };
  readonly performance: Outcome<BacktestResult>;
  readonly none: undefined;
}

export interface QuotedInstrument {
  readonly instrument: Instrument;
  readonly quote: Quote;
  /** Units traded since the session's start, where the source counts them. */
  readonly dayVolume?: number;
}

export interface SeenCandles {
  readonly instrument: Instrument;
  readonly candles: readonly SeenCandle[];
}

export type Needs = Readonly<Record<string, Need>>;
export type Data<N extends Needs> = { readonly [K in keyof N]: NeedResults[N[K]['kind']] };

// ---------------------------------------------------------------- what a node may want done

/** An order wanted of the router. Only the router builds intents and reaches brokers. */
export interface OrderRequest extends Pick<IntentDraft, 'leg' | 'purpose' | 'size' | 'product' | 'orderType' | 'limitPrice' | 'triggerPrice'> {
  readonly instrument: Instrument;
  /** The flow's own, tightening limits. */
  readonly limits?: FlowLimits;
  /** Exits of the whole account are booked to the strategy that owns the position. */
  readonly strategyId?: string;
  /** May only make the position smaller: what follows a trigger that fired too late for entries. */
  readonly exitsOnly?: boolean;
  /** Which positions its flow may open, where it does not say so by its size: what takes the place of its order obeys it too. */
  readonly direction?: AllowedDirection;
  /** Of work that has one owner: the lease that it goes by, checked with the admission. Flows have none. */
  readonly fence?: Fence;
  /** What the position that it opens shall be protected by: journalled with the order, watched from its first fill on. */
  readonly protection?: ProtectionTerms;
  /** The group that the entry counts towards, with its maximum and cool-down. */
  readonly reEntry?: ReEntryTerms;
  /** Largest quantity of one order, in units; above it, as above the freeze quantity, several are placed. */
  readonly sliceQuantity?: number;
  /** Set by the router on slices: what is still to be sent, this one included. */
  readonly remainder?: number;
}

/** As much of an order as a node could make of an item before it refused it. */
export interface RefusedWish extends Pick<IntentDraft, 'instrument' | 'leg' | 'purpose' | 'product' | 'orderType'> {
  readonly action: Action;
  /** 0 where nothing says how much. */
  readonly quantity: number;
}

/** Which order is meant: one by its id, or the strategy's newest open one in a symbol (OpenAlgo's spelling). `step` tells several changes of one order by one signal apart. */
export type OrderTarget =
  | { readonly kind: 'order'; readonly orderId: string; readonly step?: string }
  | { readonly kind: 'newest'; readonly exchange: Exchange; readonly symbol: string };

/** What happens to a basket when one of its legs is not placed. Unwinding cancels what rests of the others and closes what was filled, once each. */
export type LegFailure = 'continue' | 'stop' | 'unwind';

export type Command =
  /** One order; several above the freeze quantity or `sliceQuantity`. */
  | { readonly kind: 'place'; readonly request: OrderRequest }
  /** Several orders with one policy; `hedgeFirst` places those that buy before those that sell, and sells only when what was bought has filled. */
  | { readonly kind: 'basket'; readonly requests: readonly OrderRequest[]; readonly onLegFailure: LegFailure; readonly hedgeFirst: boolean }
  /** New terms of a resting order of the node's own strategy; prices are rounded to the tick. */
  | { readonly kind: 'modify'; readonly target: OrderTarget; readonly change: OrderChange }
  | { readonly kind: 'cancelOrder'; readonly target: OrderTarget }
  /** Why a node asked for no order: journalled once a signal, node and leg, like a refusal of the gate. */
  | { readonly kind: 'recordRefusal'; readonly wish: RefusedWish; readonly denial: Denial }
  /** The gate's verdict without an order: what the router would say now. */
  | { readonly kind: 'assess'; readonly request: OrderRequest }
  /** A market exit of what this position still holds, at most `quantity`; never through zero, booked to the strategy that owns it. What rests in its way is taken back first, unless `keepResting`. With `chase` a limit order that follows the market. */
  | { readonly kind: 'close'; readonly position: PositionView; readonly quantity?: number; readonly keepResting?: boolean; readonly chase?: ChaseTerms }
  /** Watches a position that is there, all of it or `quantity`, from its average price; replaces what protected it before. */
  | { readonly kind: 'protect'; readonly position: PositionView; readonly terms: ProtectionTerms; readonly quantity?: number }
  /** Moves stop, target or trail of what protects the strategy in a symbol; of one product, where it is given. */
  | { readonly kind: 'moveStop'; readonly exchange: Exchange; readonly symbol: string; readonly product?: Product; readonly revision: ProtectionRevision }
  | { readonly kind: 'cancelProtection'; readonly exchange: Exchange; readonly symbol: string; readonly product?: Product }
  /** Open orders of the whole account, or of the node's own strategy only. */
  | { readonly kind: 'cancelAll'; readonly scope: 'strategy' | 'account' }
  /** With `flatten` positions of flows are closed as well, until the switch is cleared. */
  | { readonly kind: 'killSwitch'; readonly on: boolean; readonly flatten?: boolean; readonly reason: string }
  | { readonly kind: 'rearm' }
  | { readonly kind: 'acquireLock'; readonly name: string; readonly durationMs: number; readonly reason?: string }
  | { readonly kind: 'releaseLock'; readonly name: string }
  /** Asks a person about the trade in `item`, at the channels of the node. `price` in rupees. */
  | { readonly kind: 'askApproval'; readonly item: Readonly<Record<string, unknown>>; readonly question: string; readonly price: number; readonly goodForMs: number; readonly answerUrl: string }
  /** Walks a flow over history, in a thread of its own. */
  | { readonly kind: 'backtest'; readonly wish: BacktestWish }
  | { readonly kind: 'alert'; readonly severity: 'info' | 'warning' | 'critical'; readonly message: string };

export type CommandResult =
  /** One outcome an order, as for `close`. */
  | { readonly kind: 'place'; readonly outcomes: readonly [PlaceResult, ...PlaceResult[]] }
  /** In the order of the requests, whatever the order of sending was. */
  | { readonly kind: 'basket'; readonly legs: readonly LegResult[] }
  | { readonly kind: 'modify'; readonly outcome: ChangeResult }
  | { readonly kind: 'cancelOrder'; readonly outcome: ChangeResult }
  | { readonly kind: 'recordRefusal' }
  /** `request` is the one that was asked about. */
  | { readonly kind: 'assess'; readonly request: OrderRequest; readonly verdict: Verdict }
  /** One outcome an order: a position above the freeze quantity takes several. They end with the first that is not placed. */
  | { readonly kind: 'close'; readonly position: PositionView; readonly outcomes: readonly [PlaceResult, ...PlaceResult[]] }
  | { readonly kind: 'cancelAll'; readonly cancelled: number; readonly failed: readonly string[] }
  | { readonly kind: 'protect' | 'moveStop' | 'cancelProtection'; readonly outcome: Outcome<readonly Protection[]> }
  /** With `denial` nothing was done. */
  | { readonly kind: 'killSwitch'; readonly on: boolean; readonly denial?: Denial }
  | { readonly kind: 'rearm'; readonly denial?: Denial }
  | { readonly kind: 'acquireLock'; readonly acquired: boolean; readonly lock: HeldLock }
  | { readonly kind: 'releaseLock'; readonly released: boolean }
  | { readonly kind: 'askApproval'; readonly outcome: Outcome<Approval> }
  | { readonly kind: 'backtest'; readonly outcome: Outcome<BacktestReport> }
  | { readonly kind: 'alert'; readonly key: string; readonly status: AlertStatus; readonly duplicate: boolean };

/** placed: an order exists (its status says how far it got); refused: no order, or one the broker rejected or never got; satisfied: nothing to do. */
export type PlaceResult =
  | { readonly kind: 'placed'; readonly order: OrderView }
  | { readonly kind: 'refused'; readonly denial: Denial; readonly order?: OrderView }
  | { readonly kind: 'satisfied'; readonly intentKey: string };

/** What became of one leg of a basket. */
export interface LegResult {
  readonly outcomes: readonly [PlaceResult, ...PlaceResult[]];
  /** Why it counts as failed, where the basket looks after its legs; its order may exist all the same, and be filled in part. */
  readonly failed?: Denial;
  /** Where it was taken back: how its filled part was closed again. Empty where nothing of it was filled. */
  readonly unwound?: readonly PlaceResult[];
}

/** done: the broker has carried it out (`replaced` is the order that `order` stands for now). pending: nobody knows yet, and the journal keeps asking. refused: the order stands as it stood, or had ended. */
export type ChangeResult =
  | { readonly kind: 'done'; readonly order: OrderView; readonly replaced?: OrderView }
  | { readonly kind: 'pending'; readonly denial: Denial; readonly order: OrderView }
  | { readonly kind: 'refused'; readonly denial: Denial; readonly order?: OrderView };

export type Verdict =
  | { readonly approved: true; readonly action: 'BUY' | 'SELL'; readonly quantity: number }
  | { readonly approved: false; readonly denial: Denial };

/** The world as one node of one flow sees it, for one item. */
export interface NodeContext {
  now(): EpochMs;
  fetch<N extends Needs>(needs: N): Promise<Data<N>>;
  /** Carries the commands out in order; the results stand in the same order. */
  perform(commands: readonly Command[]): Promise<readonly CommandResult[]>;
}
