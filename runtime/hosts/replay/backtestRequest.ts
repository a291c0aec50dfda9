import type { BacktestTerms } from '../../domain/backtest';
import type { Instruments } from '../../domain/ports';
import type { TradingCalendar } from '../../domain/session';
import type { EpochMs } from '../../domain/time';
import type { FlowGraph } from './graph';

/** How far a backtest has come. */
export interface BacktestProgress {
  /** Between 0 and 1, by candles. */
  readonly done: number;
  /** The virtual time that it has reached. */
  readonly at: EpochMs;
  /** Base candles of all instruments behind it, and in all, warm-up left out. */
  readonly candles: number;
  readonly candlesInAll: number;
  readonly intents: number;
}

/** What a webhook trigger was sent once: triggers of alert services have no history of their own. */
export interface RecordedAlert {
  readonly at: EpochMs;
  /** The trigger's node key. */
  readonly nodeKey: string;
  /** As it was posted. */
  readonly body: string;
}

/** A click on a manual start (n8n's Manual Trigger, Node-RED's Inject): an item that is put into the node with this key. */
export interface ManualStart {
  readonly at: EpochMs;
  readonly nodeKey: string;
  readonly item: Readonly<Record<string, unknown>>;
}

/** A flow, and what it is walked over. */
export interface BacktestRequest {
  readonly graph: FlowGraph;
  /** Of the flow, for headlines. */
  readonly name: string;
  readonly terms: BacktestTerms;
  /**
   * nextTick (default): an order meets the next price of its instrument at the earliest, so that a decision at a candle's close fills at the next one's open or worse.
   * atOnce: it meets the newest price, as on a paper account, whose market orders fill within the same moment.
   */
  readonly orders?: 'nextTick' | 'atOnce';
  /** Instruments beside those of `terms.data`, which come first. Default: the bundled catalogue. */
  readonly instruments?: Instruments;
  /** Default: the bundled calendar. */
  readonly calendar?: TradingCalendar;
  /** For webhook triggers; without any a flow that has one is refused where nothing else could start it. */
  readonly alerts?: readonly RecordedAlert[];
  readonly starts?: readonly ManualStart[];
  readonly onProgress?: (progress: BacktestProgress) => void;
  /** Asked between slices; true ends the walk, and what was done so far is the result (`stoppedEarly`). */
  readonly shouldStop?: () => boolean;
  /** Called between slices of some milliseconds: give the event loop a turn here. Default: none is given. */
  readonly pause?: () => Promise<void>;
}
