import type { EpochMs } from './time';

/** One limit of an account with what of it is used and left, in its own unit. */
export interface LimitUse {
  readonly limit: number;
  readonly used: number;
  /** Never below 0. */
  readonly rest: number;
}

/** How an account stands towards its limits, as the gate will judge the next entry. Money in rupees. */
export interface AccountState {
  readonly account: string;
  readonly broker: string;
  /** True where its orders are real money. */
  readonly live: boolean;
  /** Of a live account; a paper account needs no arming. */
  readonly armed: boolean;
  readonly killSwitch: boolean;
  /** When the day's loss stopped entries, if it did. */
  readonly lossLatchedAt?: EpochMs;
  /** Realised less charges; losses of open positions are not counted here. */
  readonly dailyLoss: LimitUse;
  readonly dailyOrders: LimitUse;
  readonly openPositions: LimitUse;
  readonly differences: number;
  readonly unknownOrders: number;
  /** What stops entries now, one sentence each; empty where nothing does. */
  readonly stops: readonly string[];
}
