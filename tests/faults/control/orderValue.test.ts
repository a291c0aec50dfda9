import { placeOrder } from '../../../nodes/PlaceOrder/definition';
import { only, tradingWorld, WIDE, type TradingWorld } from '../../doubles/tradingWorld';

let world: TradingWorld;
beforeEach(async () => {
  world = await tradingWorld({ ...WIDE, maxOrderValuePercent: 10 }, { capital: 3_000_000 });
  world.quote('NFO:NIFTY29DEC26FUT', 26_800);
  world.quote('NFO:NIFTY29DEC2630000CE', 2.05);
});
afterEach(() => world.close());

const place = async (item: object, signalId: string): Promise<unknown> => {
  const { item: told } = only(await world.run(placeOrder, { exchange: 'NFO', product: 'NRML' }, { ...item }, { signalId }));
  return told.denial?.code ?? told.order?.status;
};

test('a tenth of the capital lets one lot of a future pass and stops 27 naked calls: what the account\'s broker blocks is counted', async () => {
  expect(await place({ symbol: 'NIFTY29DEC26FUT', action: 'BUY', quantity: 65 }, 's1')).toBe('FILLED');
  expect(await place({ symbol: 'NIFTY29DEC2630000CE', action: 'SELL', quantity: 1_755 }, 's2')).toBe('MAX_ORDER_VALUE');
  expect(await place({ symbol: 'NIFTY29DEC2630000CE', action: 'BUY', quantity: 1_755 }, 's3')).toBe('FILLED');
  expect(await place({ symbol: 'NIFTY29DEC2630000CE', action: 'SELL', quantity: 1_755 }, 's4')).toBe('FILLED');
});
