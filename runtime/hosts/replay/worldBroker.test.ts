import { paperBench, SHARE } from '../../../tests/contracts/broker/paperBench';
import { memoryPaperBook } from '../../adapters/brokers/paper/memoryBook';
import { toMoney } from '../../domain/money';
import type { Broker, BrokerOrder, BrokerUpdate } from '../../domain/ports';
import { nextTickBroker } from './worldBroker';

let bench: ReturnType<typeof paperBench>;
let broker: Broker;
let told: BrokerUpdate[];

beforeEach(async () => {
  bench = paperBench();
  bench.quote(SHARE, 100, 100.05);
  const paper = await bench.connect(memoryPaperBook());
  broker = nextTickBroker({ broker: paper, market: bench.market, now: () => bench.clock.now(), dayOf: () => 'today', isAtOnce: () => false });
  told = [];
  paper.onUpdate((update) => told.push(update));
  broker.onUpdate((update) => { if (!told.includes(update)) told.push(update); });
});
afterEach(() => bench.close());

/** The next bar opens; the broker deals with it. */
const opens = async (bid: number): Promise<void> => {
  bench.quote(SHARE, bid, bid + 0.05);
  for (let turn = 0; turn < 5; turn += 1) await broker.funds();
};
const stop: BrokerOrder = { id: 'stop', instrument: SHARE.key, action: 'BUY', quantity: 10, product: 'MIS', orderType: 'SL-M', triggerPrice: toMoney(105) };
const words = (): readonly unknown[] => told.map((update) => (update.kind === 'fill' ? update.fill.price : update.status));

test('a stop that the next price has passed before it arrives is rejected, not filled', async () => {
  expect(await broker.place(stop)).toMatchObject({ kind: 'accepted' });
  await opens(106);
  expect(told).toMatchObject([{ kind: 'status', orderId: 'stop', status: 'REJECTED', denial: { code: 'ORDER_REJECTED', field: 'triggerPrice', limit: 106, value: 105 } }]);
});

test('one that has arrived is triggered by a bar that opens beyond it', async () => {
  await broker.place(stop);
  await opens(104);
  expect(words()).toEqual(['ACCEPTED', 'TRIGGER_PENDING']);
  await opens(110);
  expect(words()).toEqual(['ACCEPTED', 'TRIGGER_PENDING', toMoney(110.05)]);
});
