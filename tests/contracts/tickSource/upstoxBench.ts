import { upstoxClient } from '../../../runtime/adapters/brokers/upstox/client';
import { upstoxKeys } from '../../../runtime/adapters/brokers/upstox/instrumentKeys';
import { openMasterBytes } from '../../../runtime/adapters/brokers/upstox/masterBytes';
import { manualClock, type ManualClock } from '../../../runtime/adapters/system/manual';
import { upstoxSource, type UpstoxSourceOptions } from '../../../runtime/adapters/ticks/upstox/upstoxSource';
import type { TickSource } from '../../../runtime/domain/feed';
import { instrumentKey, type InstrumentKey } from '../../../runtime/domain/market';
import type { Log } from '../../../runtime/domain/ports';
import { upstoxServer, UPSTOX_TOKEN, type UpstoxServer } from '../../doubles/upstoxServer';

const SHARES = ['SBIN', 'TCS', 'INFY'] as const;
const TEN = Date.UTC(2026, 10, 20, 4, 30);

/** What Upstox calls a share of these tests. */
export const upstoxKeyOf = (symbol: string): string => `NSE_EQ|INE${symbol}`;

export interface UpstoxFeedBench {
  readonly server: UpstoxServer;
  readonly clock: ManualClock;
  readonly instruments: readonly [InstrumentKey, InstrumentKey, InstrumentKey];
  /** Everything that was logged, as text. */
  readonly said: string[];
  open(options?: Partial<UpstoxSourceOptions>): TickSource;
  close(): Promise<void>;
}

/** Upstox with three shares, an index and an option. */
export async function upstoxFeedBench(): Promise<UpstoxFeedBench> {
  const clock = manualClock(TEN);
  const server = await upstoxServer(clock);
  server.back.instruments = [
    ...SHARES.map((symbol) => ({ segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: upstoxKeyOf(symbol), lot_size: 1, tick_size: 5, trading_symbol: symbol, name: symbol })),
    { segment: 'NSE_INDEX', instrument_type: 'INDEX', instrument_key: 'NSE_INDEX|Nifty 50', trading_symbol: 'NIFTY', name: 'Nifty 50' },
    { segment: 'NSE_FO', instrument_type: 'CE', instrument_key: 'NSE_FO|5', underlying_symbol: 'NIFTY', expiry: 1_798_568_999_000, strike_price: 26_000, lot_size: 65, tick_size: 5, trading_symbol: 'NIFTY 26000 CE 29 DEC 26', name: 'NIFTY' },
  ];
  const said: string[] = [];
  const note = (fields: object, message: string): void => void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const keys = upstoxKeys({ open: () => openMasterBytes({ address: server.masterAddress }), clock, log });
  const client = upstoxClient({ addresses: server.addresses, accessToken: UPSTOX_TOKEN, pause: () => Promise.resolve() });
  const sources: TickSource[] = [];
  return {
    server, clock, said, instruments: [instrumentKey('NSE', 'SBIN'), instrumentKey('NSE', 'TCS'), instrumentKey('NSE', 'INFY')],
    open(options = {}) {
      const source = upstoxSource({ client, keys, clock, log, ...options });
      sources.push(source);
      return source;
    },
    async close() {
      for (const source of sources) await source.close();
      await server.close();
    },
  };
}
