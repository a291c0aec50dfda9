import { PaperAccount } from '../../../runtime/domain/account';
import type { Instrument, InstrumentKey, Quote } from '../../../runtime/domain/market';
import { toMoney } from '../../../runtime/domain/money';
import type { Broker, Log, Sessions } from '../../../runtime/domain/ports';
import type { PaperBook } from '../../../runtime/domain/paper';
import { paperBroker } from '../../../runtime/adapters/brokers/paper/paperBroker';
import { countingIds, manualClock } from '../../../runtime/adapters/system/manual';
import { manualMarket } from '../../../runtime/adapters/ticks/simulated/manualMarket';

/** A Friday, 10:00 in India. */
export const TEN_IN_INDIA = Date.UTC(2026, 10, 20, 4, 30);

export const SHARE: Instrument = { key: 'NSE:TEST' as InstrumentKey, exchange: 'NSE', symbol: 'TEST', segment: 'cash', base: 'TEST', lotSize: 1, tickSize: toMoney(0.05) };
export const FUTURE: Instrument = {
  key: 'NFO:NIFTY29DEC26FUT' as InstrumentKey, exchange: 'NFO', symbol: 'NIFTY29DEC26FUT', segment: 'future', base: 'NIFTY', lotSize: 65, tickSize: toMoney(0.05), freezeQuantity: 1_800, expiry: '2026-12-29',
};
export const CALL: Instrument = { ...FUTURE, key: 'NFO:NIFTY29DEC2626000CE' as InstrumentKey, symbol: 'NIFTY29DEC2626000CE', segment: 'option', strike: toMoney(26_000), optionType: 'CE' };
export const INDEX: Instrument = { ...SHARE, key: 'NSE_INDEX:NIFTY' as InstrumentKey, exchange: 'NSE_INDEX', symbol: 'NIFTY', segment: 'index', base: 'NIFTY' };
const INSTRUMENTS = new Map([SHARE, FUTURE, CALL, INDEX].map((instrument) => [instrument.key, instrument]));

/** Paper brokers on one set of books, in a market that the test moves. Sessions open with `setOpen`. */
export function paperBench(account: Partial<PaperAccount> = {}) {
  const clock = manualClock(TEN_IN_INDIA);
  const market = manualMarket();
  const ids = countingIds('p');
  const errors: string[] = [];
  const brokers: Broker[] = [];
  let open = true;
  const quiet = (): undefined => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: quiet, error: (_fields, message) => void errors.push(message) };
  const sessions: Sessions = { isOpen: () => open, tradingDay: (at) => new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 10) };
  const quote = (instrument: Instrument, bid: number, ask: number, more: Pick<Quote, 'traded' | 'previousClose'> = {}): void => {
    market.set({ instrument: instrument.key, bid: toMoney(bid), ask: toMoney(ask), last: toMoney(bid), at: clock.now(), ...more });
  };
  return {
    clock, market, errors, quote,
    setOpen: (isOpen: boolean): void => { open = isOpen; },
    async connect(book: PaperBook): Promise<Broker> {
      const broker = await paperBroker({
        account: PaperAccount.parse({ capital: 100_000, ...account }), clock, ids, market, sessions, book, log, instruments: { find: (key) => INSTRUMENTS.get(key) },
      });
      brokers.push(broker);
      return broker;
    },
    async close(): Promise<void> {
      for (const broker of brokers) await broker.close();
    },
  };
}
