import { filePlayer } from '../../../runtime/adapters/ticks/file/filePlayer';
import { countingIds } from '../../../runtime/adapters/system/manual';
import { PaperAccount } from '../../../runtime/domain/account';
import { createSessions, indiaTime } from '../../../runtime/domain/session';
import { MINUTE_MS } from '../../../runtime/domain/time';
import { openRuntime } from '../../../runtime/open';
import { listing } from '../../doubles/courses';
import { silentLog } from '../../doubles/ingressWorld';
import { orderFor } from '../../doubles/routerWorld';
import { ORIGIN, WIDE } from '../../doubles/tradingWorld';

const DAY = '2022-06-08';
const SBIN = listing('SBIN');

/** A quiet day of SBIN at 800, so many shares a minute, on the whole runtime: 1 is bought at 14:55 and 40 at 15:00, and at 15:25 all are to be sold. */
async function play(perMinute: number): Promise<readonly string[]> {
  const candles = Array.from({ length: 40 }, (_, minute) => ({ time: indiaTime(DAY, '14:50') + minute * MINUTE_MS, open: 800, high: 800, low: 800, close: 800, volume: perMinute, closed: true as const }));
  const player = filePlayer({ recordings: [{ instrument: SBIN, content: { kind: 'candles', candles, timeframeMs: MINUTE_MS }, problems: [], problemCount: 0 }], sessions: createSessions(), starts: 'told' });
  const runtime = await openRuntime({ home: ':memory:', ids: countingIds('p'), log: silentLog, pause: () => Promise.resolve(), feed: { kind: 'player', player } });
  try {
    await runtime.declareAccount(PaperAccount.parse({ limits: WIDE, safety: { squareOffMinutes: 0 } }));
    const send = (action: 'BUY' | 'SELL', quantity: number) => async (): Promise<void> => {
      await runtime.context({ ...ORIGIN, signalId: `${action} ${quantity}` }).perform([{ kind: 'place', request: orderFor({ kind: 'fixed', action, quantity }, { instrument: SBIN }) }]);
    };
    // The first order's price is the last minute's: nobody has watched the share before.
    player.atTime(indiaTime(DAY, '14:55'), send('BUY', 1));
    player.atTime(indiaTime(DAY, '15:00'), send('BUY', 40));
    player.atTime(indiaTime(DAY, '15:25'), send('SELL', 41));
    player.play();
    await player.finished;
    const orders = (await runtime.store.orders()).toReversed();
    const fills = await Promise.all(orders.map(async ({ id }) => (await runtime.store.fills(id)).map(({ quantity }) => quantity).join('+')));
    return orders.map(({ action, status, denial }, index) => `${action} ${fills[index] ?? ''} ${status} ${denial?.code ?? ''}`.trim());
  } finally {
    await runtime.close();
    await player.close();
  }
}

test('in a recording orders fill by its volume and the broker squares off at its time: nothing is left to sell after it', async () => {
  expect(await play(400)).toEqual(['BUY 1 FILLED', 'BUY 10+10+10+10 FILLED', 'SELL  REJECTED SQUARE_OFF_TIME']);
});

test('a recording without volume fills at once', async () => {
  expect(await play(0)).toEqual(['BUY 1 FILLED', 'BUY 40 FILLED', 'SELL  REJECTED SQUARE_OFF_TIME']);
});
