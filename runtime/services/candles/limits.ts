import { DEFAULT_LATE_MS } from '../../domain/candle';

/** How patient a candle book is, and how much it holds. Every one has a default that suits a live exchange. */
export interface CandleLimits {
  /** How much older than the newest tick one may be and still enter its candle. Default 2,000; 0 for a recording, whose ticks come in order. */
  readonly lateMs: number;
  /** How long after its end the clock closes a candle that no later tick has closed. Default 2,000; 0 for a recording. */
  readonly graceMs: number;
  /** How often the clock is looked at. Default 250. */
  readonly lookMs: number;
  /** Closed candles kept per instrument and timeframe, 64 bytes each. Default 512. */
  readonly kept: number;
  /** Instruments with ticks at once. Default 5,000. */
  readonly instruments: number;
  /** An instrument that nobody watches or asks for any more is built on this long. Default 600,000. */
  readonly lingerMs: number;
  /** Most candles of one answer. Default 20,000. */
  readonly answer: number;
  /** Most one-minute candles read from history for one answer. Default 100,000: a year of NSE. */
  readonly historyMinutes: number;
  /** A source may say a minute this much after its end for the first time: newer ones that it lacks are asked for again. Default 60,000. */
  readonly historyLagMs: number;
  /** How long a closed candle with missed ticks waits for history before it is told as incomplete. Default 3,000. */
  readonly repairPatienceMs: number;
  /** How long the first candles of an instrument wait for the session so far. Default 30,000. */
  readonly warmUpPatienceMs: number;
  /** How often history is asked for missed ticks after that, with doubling waits from `repairEveryMs` on. Defaults 6 and 5,000. */
  readonly repairs: number;
  readonly repairEveryMs: number;
  /** History that gave no more candles is asked for more again after this long. Default 60,000. */
  readonly askAgainMs: number;
  /** Closed candles that wait to be stored; more are given up. Default 50,000. */
  readonly unwritten: number;
  /** How long a closed candle waits for company on the way to the store. Default 1,000. */
  readonly writeEveryMs: number;
}

export const CANDLE_LIMITS: CandleLimits = {
  lateMs: DEFAULT_LATE_MS, graceMs: 2_000, lookMs: 250, kept: 512, instruments: 5_000, lingerMs: 600_000, answer: 20_000, historyMinutes: 100_000,
  historyLagMs: 60_000, repairPatienceMs: 3_000, warmUpPatienceMs: 30_000, repairs: 6, repairEveryMs: 5_000, askAgainMs: 60_000, unwritten: 50_000, writeEveryMs: 1_000,
};
