import type { EntryPause } from '../../domain/entryPause';
import type { AccountConfig } from '../../domain/account';
import type { TradingCalendar } from '../../domain/session';
import type { Broker, Clock, Instruments, Log, MarketData, Pause, Sessions, Store } from '../../domain/ports';

/** One account as the router needs it. */
export interface RoutedAccount {
  readonly config: AccountConfig;
  readonly broker: Broker;
  readonly sessions: Sessions;
}

export interface RouterPorts {
  readonly store: Store;
  readonly market: MarketData;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly log: Log;
  readonly pause: Pause;
  /** How this process is. Absent: nobody looks. */
  readonly health?: { entryPause(): EntryPause | undefined };
  /** When exchanges close, for the square-off. Absent: nothing is squared off here. */
  readonly calendar?: Pick<TradingCalendar, 'sessionAt'>;
}
