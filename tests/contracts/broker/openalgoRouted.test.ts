import { openAlgoClient } from '../../../runtime/adapters/brokers/openalgo/client';
import { openAlgoBroker } from '../../../runtime/adapters/brokers/openalgo/openAlgoBroker';
import { SECOND_MS } from '../../../runtime/domain/time';
import { silentLog } from '../../doubles/ingressWorld';
import { openAlgoServer } from '../../doubles/openalgoServer';
import { SBIN } from '../../doubles/routerWorld';
import { routedSuite } from './routedSuite';

routedSuite('OpenAlgo', async ({ clock, store }) => {
  const server = await openAlgoServer(clock);
  server.gateway.mode = 'live';
  server.gateway.orders.quote(SBIN.key, 799.95, 800.05);
  return {
    server, place: 'placeorder', modify: 'modifyorder', numbers: () => server.gateway.orders.orders.map(({ orderid }) => orderid),
    connect() {
      const client = openAlgoClient({ url: server.url, apiKey: server.apiKey, pause: () => Promise.resolve(), commandMs: 300 });
      return openAlgoBroker({ client, account: 'paper', journal: store, instruments: { find: (key) => (key === SBIN.key ? SBIN : undefined) }, clock, log: silentLog, pause: (ms) => (ms < SECOND_MS ? Promise.resolve() : new Promise(() => undefined)) });
    },
  };
});
