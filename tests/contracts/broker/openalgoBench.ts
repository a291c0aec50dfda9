import { openAlgoBroker, type OpenAlgoBroker, type OpenAlgoBrokerOptions } from '../../../runtime/adapters/brokers/openalgo/openAlgoBroker';
import { openAlgoClient } from '../../../runtime/adapters/brokers/openalgo/client';
import { manualClock, type ManualClock } from '../../../runtime/adapters/system/manual';
import type { Instrument } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import type { Broker, BrokerOrder, BrokerUpdate, Log } from '../../../runtime/domain/ports';
import { SECOND_MS } from '../../../runtime/domain/time';
import { memoryJournal, type MemoryJournal } from '../../doubles/memoryJournal';
import { openAlgoServer, type Fault, type OpenAlgoServer } from '../../doubles/openalgoServer';
import type { GatewayMode } from '../../doubles/openalgoServerEndpoints';
import type { OrderTerms } from '../../doubles/openalgoServerOrders';
import { FUTURE, INDEX, SHARE, TEN_IN_INDIA } from './paperBench';

const ACCOUNT = 'live';
const INSTRUMENTS = new Map([SHARE, FUTURE, INDEX].map((instrument) => [instrument.key, instrument]));

export interface OpenAlgoBench {
  readonly server: OpenAlgoServer;
  readonly clock: ManualClock;
  readonly journal: MemoryJournal;
  /** Errors that were logged. */
  readonly errors: { readonly fields: object; readonly message: string }[];
  /** A connection as the router uses it, with the adapter behind it. */
  connect(options?: Partial<OpenAlgoBrokerOptions>): { readonly broker: Broker; readonly adapter: OpenAlgoBroker };
  quote(instrument: Instrument, bid: number, ask: number): void;
  close(): Promise<void>;
}

/** Adapters on one gateway and one journal. Waits between looks end when the test nudges. */
export async function openAlgoBench(mode: GatewayMode): Promise<OpenAlgoBench> {
  const clock = manualClock(TEN_IN_INDIA);
  const server = await openAlgoServer(clock);
  server.gateway.mode = mode;
  const journal = memoryJournal(ACCOUNT, clock);
  const errors: OpenAlgoBench['errors'] = [];
  const quiet = (): undefined => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: quiet, error: (fields, message) => void errors.push({ fields, message }) };
  const adapters: OpenAlgoBroker[] = [];
  return {
    server, clock, journal, errors,
    connect(options = {}) {
      const client = openAlgoClient({ url: server.url, apiKey: server.apiKey, pause: () => Promise.resolve(), random: () => 0, readMs: 1_000, commandMs: 300 });
      const adapter = openAlgoBroker({
        client, account: ACCOUNT, journal, clock, log, expects: mode === 'analyze' ? 'analyze' : 'live', pause: (ms) => (ms < SECOND_MS ? Promise.resolve() : new Promise(() => undefined)),
        instruments: { find: (key) => INSTRUMENTS.get(key) }, ...options,
      });
      adapters.push(adapter);
      return { adapter, broker: journal.routed(adapter) };
    },
    quote(instrument, bid, ask) {
      server.gateway.orders.quote(instrument.key, bid, ask);
      for (const adapter of adapters) adapter.nudge();
    },
    async close() {
      for (const adapter of adapters) await adapter.close();
      await server.close();
    },
  };
}

let counter = 0;
/** An order of its own, a market order for 10 shares unless the test says otherwise. */
export const order = (more: Partial<BrokerOrder> = {}): BrokerOrder => ({ id: `fault${++counter}`, instrument: SHARE.key, action: 'BUY', quantity: 10, product: 'MIS', orderType: 'MARKET', ...more });
export const limit = (price: number, more: Partial<BrokerOrder> = {}): BrokerOrder => order({ orderType: 'LIMIT', limitPrice: toMoney(price), ...more });
/** What a person, or another program, places beside us. */
export const byHand: OrderTerms = { strategy: 'me', symbol: 'TEST', exchange: 'NSE', action: 'BUY', quantity: 10, price: 0, trigger_price: 0, pricetype: 'MARKET', product: 'MIS' };
export const filledIn = (updates: readonly BrokerUpdate[] = []): number => updates.reduce((sum, update) => sum + (update.kind === 'fill' ? update.fill.quantity : 0), 0);

/** The broker carries the order out, and the answer never comes. */
export const SILENT: Fault = { kind: 'silence', carriedOut: true };
