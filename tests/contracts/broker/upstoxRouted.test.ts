import { upstoxClient } from '../../../runtime/adapters/brokers/upstox/client';
import { upstoxKeys } from '../../../runtime/adapters/brokers/upstox/instrumentKeys';
import { openMasterBytes } from '../../../runtime/adapters/brokers/upstox/masterBytes';
import { upstoxBroker } from '../../../runtime/adapters/brokers/upstox/upstoxBroker';
import { SECOND_MS } from '../../../runtime/domain/time';
import { silentLog } from '../../doubles/ingressWorld';
import { SBIN } from '../../doubles/routerWorld';
import { upstoxServer, UPSTOX_TOKEN } from '../../doubles/upstoxServer';
import { routedSuite } from './routedSuite';

routedSuite('Upstox', async ({ clock, store }) => {
  const server = await upstoxServer(clock);
  server.back.instruments = [{ segment: 'NSE_EQ', instrument_type: 'EQ', instrument_key: 'NSE_EQ|INESBIN', lot_size: 1, tick_size: 5, trading_symbol: 'SBIN', symbol: SBIN.key }];
  server.back.orders.quote(SBIN.key, 799.95, 800.05);
  return {
    server, place: '/hft/v3/order/place', modify: '/hft/v3/order/modify', numbers: () => server.back.orders.orders.map(({ orderid }) => orderid),
    connect() {
      const client = upstoxClient({ addresses: server.addresses, accessToken: UPSTOX_TOKEN, pause: () => Promise.resolve(), commandMs: 300 });
      const keys = upstoxKeys({ open: () => openMasterBytes({ address: server.masterAddress }), clock, log: silentLog });
      return upstoxBroker({ client, keys, mode: 'live', account: 'paper', journal: store, instruments: { find: (key) => (key === SBIN.key ? SBIN : undefined) }, clock, log: silentLog, pause: (ms) => (ms < SECOND_MS ? Promise.resolve() : new Promise(() => undefined)) });
    },
  };
});
