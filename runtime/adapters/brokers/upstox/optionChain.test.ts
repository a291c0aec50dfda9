import { upstoxServer, UPSTOX_TOKEN, type UpstoxServer } from '../../../../tests/doubles/upstoxServer';
import { instrumentKey } from '../../../domain/market';
import { toMoney } from '../../../domain/money';
import { manualClock } from '../../system/manual';
import { upstoxClient } from './client';
import { upstoxKeys } from './instrumentKeys';
import { openMasterBytes } from './masterBytes';
import { readOptionChain } from './optionChain';

const clock = manualClock(Date.UTC(2026, 10, 20, 4, 30));
const quiet = (): undefined => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const option = (type: string, key: string) => ({ segment: 'NSE_FO', instrument_type: type, instrument_key: key, underlying_symbol: 'NIFTY', expiry: 1_798_568_999_000, strike_price: 26_000, lot_size: 65, tick_size: 5, trading_symbol: `NIFTY 26000 ${type} 29 DEC 26` });

let server: UpstoxServer;
beforeEach(async () => {
  server = await upstoxServer(clock);
  server.back.instruments = [{ segment: 'NSE_INDEX', instrument_type: 'INDEX', instrument_key: 'NSE_INDEX|Nifty 50', trading_symbol: 'NIFTY' }, option('CE', 'NSE_FO|1'), option('PE', 'NSE_FO|2')];
});
afterEach(() => server.close());

const ports = () => ({
  log, client: upstoxClient({ addresses: server.addresses, accessToken: UPSTOX_TOKEN, pause: () => Promise.resolve() }),
  keys: upstoxKeys({ open: () => openMasterBytes({ address: server.masterAddress }), clock, log }),
});
const NIFTY = { underlying: instrumentKey('NSE_INDEX', 'NIFTY'), expiry: '2026-12-29' };

test('a chain comes by strike, with what is known of each side', async () => {
  const market = { ltp: 120, volume: 650, oi: 1_300, prev_oi: 1_200, bid_price: 119.9, ask_price: 0, close_price: 100 };
  server.back.chain = [
    { strike_price: 26_050, underlying_spot_price: 26_010.5 },
    { strike_price: 'much' },
    { strike_price: 26_000, underlying_spot_price: 26_010.5, call_options: { instrument_key: 'NSE_FO|1', market_data: market, option_greeks: { delta: 0.5, iv: 14.2, pop: 40 } }, put_options: { instrument_key: 'NSE_FO|77', market_data: market } },
  ];
  expect(await readOptionChain(ports(), NIFTY)).toEqual({ ok: true, value: [
    { strike: toMoney(26_000), spot: toMoney(26_010.5), call: { instrument: 'NFO:NIFTY29DEC2626000CE', last: toMoney(120), bid: toMoney(119.9), volume: 650, openInterest: 1_300, openInterestBefore: 1_200, greeks: { delta: 0.5, iv: 14.2 } } },
    { strike: toMoney(26_050), spot: toMoney(26_010.5) },
  ] });
  expect(server.asked('/v2/option/chain').map(({ query }) => query)).toEqual([{ instrument_key: 'NSE_INDEX|Nifty 50', expiry_date: '2026-12-29' }]);
});

test('an underlying that is not listed, and a token that is over, are denials', async () => {
  expect(await readOptionChain(ports(), { ...NIFTY, underlying: instrumentKey('NSE_INDEX', 'NOPE') })).toMatchObject({ ok: false, denial: { code: 'UNKNOWN_SYMBOL' } });
  server.sessionOver = true;
  expect(await readOptionChain(ports(), NIFTY)).toMatchObject({ ok: false, denial: { code: 'SESSION_EXPIRED' } });
});
