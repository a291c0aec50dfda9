import { LIMITED, openAlgoServer, type OpenAlgoServer } from '../../../../tests/doubles/openalgoServer';
import { instrumentKey } from '../../../domain/market';
import { toMoney } from '../../../domain/money';
import { manualClock } from '../../system/manual';
import { openAlgoClient } from './client';
import { openAlgoDepth } from './depth';

const NOW = Date.UTC(2026, 10, 20, 5, 30);
const SBIN = instrumentKey('NSE', 'SBIN');

let server: OpenAlgoServer;
beforeEach(async () => { server = await openAlgoServer(manualClock(NOW)); });
afterEach(() => server.close());

function depth(apiKey = server.apiKey) {
  const clock = manualClock(NOW);
  const pause = (ms: number): Promise<void> => {
    clock.advance(ms);
    return Promise.resolve();
  };
  return openAlgoDepth({ client: openAlgoClient({ url: server.url, apiKey, pause, random: () => 0 }), clock, pause });
}

test('levels come best first, without the places where nobody stands', async () => {
  expect(await depth()(SBIN)).toEqual({
    ok: true,
    value: { instrument: SBIN, at: NOW, bids: [{ price: toMoney(799.95), quantity: 10 }, { price: toMoney(799.9), quantity: 5 }], asks: [{ price: toMoney(800.05), quantity: 7 }] },
  });
});

test('a book without orders is no depth', async () => {
  expect(await depth()(instrumentKey('NSE', 'TCS'))).toMatchObject({ ok: false, denial: { code: 'NOT_READY', message: 'OpenAlgo shows no orders of NSE:TCS.' } });
});

test('a limit is waited for, a wrong key is said', async () => {
  server.fail('depth', LIMITED);
  expect((await depth()(SBIN)).ok).toBe(true);
  expect(await depth('wrong')(SBIN)).toMatchObject({ ok: false });
});
