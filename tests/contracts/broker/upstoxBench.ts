import { upstoxClient } from '../../../runtime/adapters/brokers/upstox/client';
import { upstoxKeys, type UpstoxKeys } from '../../../runtime/adapters/brokers/upstox/instrumentKeys';
import { openMasterBytes } from '../../../runtime/adapters/brokers/upstox/masterBytes';
import { upstoxBroker, type UpstoxBroker, type UpstoxBrokerOptions } from '../../../runtime/adapters/brokers/upstox/upstoxBroker';
import { manualClock, type ManualClock } from '../../../runtime/adapters/system/manual';
import type { Instrument } from '../../../runtime/domain/market';
import type { Broker, Log } from '../../../runtime/domain/ports';
import { SECOND_MS } from '../../../runtime/domain/time';
import { memoryJournal, type MemoryJournal } from '../../doubles/memoryJournal';
import { UPSTOX_TOKEN, upstoxServer, type UpstoxServer } from '../../doubles/upstoxServer';
import type { UpstoxInstrument } from '../../doubles/upstoxServerEndpoints';
import { FUTURE, INDEX, SHARE, TEN_IN_INDIA } from './paperBench';

const ACCOUNT = 'live';
const INSTRUMENTS = new Map([SHARE, FUTURE, INDEX].map((instrument) => [instrument.key, instrument]));

/** Upstox' lines for the instruments of the suite; `symbol` is for the stand-in exchange alone. */
export const UPSTOX_LINES: readonly UpstoxInstrument[] = [
  { segment: 'NSE_EQ', name: 'TEST LTD', exchange: 'NSE', isin: 'INE000T01011', instrument_type: 'EQ', instrument_key: 'NSE_EQ|INE000T01011', lot_size: 1, freeze_quantity: 100_000, exchange_token: '1', tick_size: 5, trading_symbol: 'TEST', symbol: 'NSE:TEST' },
  { segment: 'NSE_FO', name: 'NIFTY', exchange: 'NSE', expiry: 1_798_568_999_000, instrument_type: 'FUT', underlying_symbol: 'NIFTY', instrument_key: 'NSE_FO|52618', lot_size: 65, freeze_quantity: 1_800, tick_size: 5, trading_symbol: 'NIFTY FUT 29 DEC 26', symbol: 'NFO:NIFTY29DEC26FUT' },
  { segment: 'NSE_INDEX', name: 'Nifty 50', exchange: 'NSE', instrument_type: 'INDEX', instrument_key: 'NSE_INDEX|Nifty 50', trading_symbol: 'NIFTY', symbol: 'NSE_INDEX:NIFTY' },
];

export interface UpstoxBench {
  readonly server: UpstoxServer;
  readonly clock: ManualClock;
  readonly journal: MemoryJournal;
  readonly keys: UpstoxKeys;
  /** Everything that was logged, as text. */
  readonly said: string[];
  /** Errors that were logged. */
  readonly errors: { readonly fields: object; readonly message: string }[];
  /** A connection as the router uses it, with the adapter behind it. */
  connect(options?: Partial<UpstoxBrokerOptions>): { readonly broker: Broker; readonly adapter: UpstoxBroker };
  quote(instrument: Instrument, bid: number, ask: number): void;
  close(): Promise<void>;
}

/** Adapters on one Upstox and one journal. Waits between looks end when the test nudges. `commandMs`: until an order without an answer counts as lost. */
export async function upstoxBench({ commandMs = 500 }: { readonly commandMs?: number } = {}): Promise<UpstoxBench> {
  const clock = manualClock(TEN_IN_INDIA);
  const server = await upstoxServer(clock);
  server.back.instruments = UPSTOX_LINES;
  const journal = memoryJournal(ACCOUNT, clock);
  const errors: UpstoxBench['errors'] = [];
  const said: string[] = [];
  const note = (fields: object, message: string): void => void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = {
    debug: note, info: note, warn: note,
    error(fields, message) {
      note(fields, message);
      errors.push({ fields, message });
    },
  };
  const keys = upstoxKeys({ open: () => openMasterBytes({ address: server.masterAddress }), clock, log });
  const adapters: UpstoxBroker[] = [];
  return {
    server, clock, journal, keys, said, errors,
    connect(options = {}) {
      const client = upstoxClient({ addresses: server.addresses, accessToken: UPSTOX_TOKEN, pause: () => Promise.resolve(), random: () => 0, readMs: 2_000, commandMs });
      const adapter = upstoxBroker({
        client, keys, account: ACCOUNT, journal, clock, log, mode: 'live', pause: (ms) => (ms < SECOND_MS ? Promise.resolve() : new Promise(() => undefined)),
        instruments: { find: (key) => INSTRUMENTS.get(key) }, ...options,
      });
      adapters.push(adapter);
      return { adapter, broker: journal.routed(adapter) };
    },
    quote(instrument, bid, ask) {
      server.back.orders.quote(instrument.key, bid, ask);
      for (const adapter of adapters) adapter.nudge();
    },
    async close() {
      for (const adapter of adapters) await adapter.close();
      await server.close();
    },
  };
}
