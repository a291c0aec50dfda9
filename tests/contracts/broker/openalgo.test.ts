import type { GatewayMode } from '../../doubles/openalgoServerEndpoints';
import { openAlgoBench } from './openalgoBench';
import { SHARE } from './paperBench';
import { brokerContract, type BrokerBench, type BrokerSupport } from './suite';

const ALL: BrokerSupport = { modify: true, orderList: true, positionList: true };

async function benchOn(mode: GatewayMode): Promise<BrokerBench> {
  const bench = await openAlgoBench(mode);
  let { broker } = bench.connect();
  return {
    broker, instrument: SHARE,
    async quote(bid, ask) {
      bench.quote(SHARE, bid, ask);
      await broker.funds();
    },
    async reopen() {
      await broker.close();
      ({ broker } = bench.connect());
      return broker;
    },
    close: () => bench.close(),
  };
}

brokerContract('OpenAlgo\'s sandbox', ALL, () => benchOn('analyze'));
brokerContract('OpenAlgo before a live broker, whose lists tell less', ALL, () => benchOn('live'));
