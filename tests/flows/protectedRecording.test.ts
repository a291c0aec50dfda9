import { placeOrder } from '../../nodes/PlaceOrder/definition';
import { readParameters } from '../../runtime/hosts/parameters';
import { runNode } from '../../runtime/hosts/run';
import type { Runtime } from '../../runtime/runtime';
import { REAL_MONTHS_ARE_HERE, type Course } from '../doubles/courses';
import { playFlow } from '../doubles/playedFlow';

jest.setTimeout(30_000);

const SBIN: Course = { symbol: 'SBIN', of: 'NIFTY', factor: 0.05 };

/** A flow of the account buys, with a stop. */
function entry(signalId: string, stopLoss: number): (runtime: Runtime) => Promise<void> {
  return async (runtime) => {
    const params = readParameters(placeOrder.params, { symbol: 'SBIN', action: 'BUY', quantity: 10 }, { numbersAsText: false });
    if (!params.ok) throw new Error(params.denial.message);
    await runNode(placeOrder, params.value, { stopLoss }, runtime.context({ account: 'paper', strategyId: 'stopped', nodeKey: 'order', signalId }));
  };
}

test.each(REAL_MONTHS_ARE_HERE ? [1, 2] : [])('a stop in a recording is hit in its time, and is nobody else’s afterwards (run %i)', async () => {
  const { orders } = await playFlow({
    host: 'n8n', flow: 'End-of-day square-off', courses: [SBIN], from: '2022-06-08 09:00', until: '2022-06-09 15:30',
    meanwhile: { '2022-06-08 09:30': entry('first', 818), '2022-06-09 10:30': entry('second', 810) },
  });
  expect(orders).toEqual(['06-08 09:30 BUY 10 SBIN 819.3', '06-08 09:39 SELL 10 SBIN 817.85', '06-09 10:30 BUY 10 SBIN 818.25', '06-09 15:00 SELL 10 SBIN 822.6']);
});
