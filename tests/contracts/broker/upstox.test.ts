import { SHARE } from './paperBench';
import { brokerContract, type BrokerBench, type BrokerSupport } from './suite';
import { upstoxBench } from './upstoxBench';

const ALL: BrokerSupport = { modify: true, orderList: true, positionList: true };

async function bench(): Promise<BrokerBench> {
  const upstox = await upstoxBench({ commandMs: 5_000 });
  let { broker } = upstox.connect();
  return {
    broker, instrument: SHARE,
    async quote(bid, ask) {
      upstox.quote(SHARE, bid, ask);
      await broker.funds();
    },
    async reopen() {
      await broker.close();
      ({ broker } = upstox.connect());
      return broker;
    },
    close: () => upstox.close(),
  };
}

brokerContract('Upstox', ALL, bench);
