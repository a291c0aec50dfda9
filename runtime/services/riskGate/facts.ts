import type { AccountConfig } from '../../domain/account';
import type { EntryPause } from '../../domain/entryPause';
import type { Instrument, InstrumentKey, Quote } from '../../domain/market';
import type { Money } from '../../domain/money';
import type { Action, IntentDraft } from '../../domain/order';
import type { AdmissionState, Broker } from '../../domain/ports';
import type { ReEntryTerms } from '../../domain/reEntry';
import type { RiskLimits } from '../../domain/risk';
import type { EpochMs } from '../../domain/time';

/** What the gate is told from outside the transaction. */
export interface GateInput {
  readonly draft: IntentDraft;
  readonly account: AccountConfig;
  /** The account's limits, tightened by the flow's. */
  readonly limits: RiskLimits;
  readonly instrument: Instrument;
  /** Of an order that is placed in slices: what is still to be sent, this slice included. Limits of a whole order are held against it. */
  readonly remainder?: number;
  readonly quote?: Quote;
  readonly marketOpen: boolean;
  /** May only reduce, whatever its size says: it follows a trigger that fired too late for entries. */
  readonly exitsOnly?: boolean;
  /** This process stood still a moment ago, or its clock jumped: what it knows may be old. */
  readonly stall?: EntryPause;
  /** The broker fails call after call. */
  readonly brokerPause?: EntryPause;
  /** From when on positions of this segment and product are squared off, today. */
  readonly squareOffAt?: EpochMs;
  /** The group that the order counts towards where it is an entry. */
  readonly reEntry?: ReEntryTerms;
  readonly now: EpochMs;
  /** What the account's broker blocks for a unit. Absent: nobody says, and futures and sold options count with their notional. */
  readonly marginPerUnit?: Broker['marginPerUnit'];
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
