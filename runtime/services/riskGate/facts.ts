import type { AccountConfig } from '../../domain/account';
import type { Instrument, InstrumentKey, Quote } from '../../domain/market';
import type { Money } from '../../domain/money';
import type { Action, IntentDraft } from '../../domain/order';
import type { AdmissionState } from '../../domain/ports';
import type { RiskLimits } from '../../domain/risk';
import type { EpochMs } from '../../domain/time';

/** What the gate is told from outside the transaction. */
export interface GateInput {
  readonly draft: IntentDraft;
  readonly account: AccountConfig;
  /** The account's limits, tightened by the flow's. */
  readonly limits: RiskLimits;
  readonly instrument: Instrument;
  readonly quote?: Quote;
  readonly marketOpen: boolean;
  /** Paper accounts always are; live ones explicitly. */
  readonly armed: boolean;
  readonly now: EpochMs;
  /** Newest known quote of any instrument, for the day's unrealised loss. */
  readonly mark: (instrument: InstrumentKey) => Quote | undefined;
}

/** One wish with its size resolved, and the state it is judged by: what every rule looks at. */
export interface GateFacts extends GateInput {
  readonly state: AdmissionState;
  readonly action: Action;
  readonly quantity: number;
  /** True when the order only makes this strategy's position smaller: the rules for entries do not apply. */
  readonly reduces: boolean;
}

/** The price an order is valued with: its own limit, else its trigger, else the last price. */
export function orderPrice(facts: Pick<GateFacts, 'draft' | 'quote'>): Money | undefined {
  return facts.draft.limitPrice ?? facts.draft.triggerPrice ?? facts.quote?.last;
}
