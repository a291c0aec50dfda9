import { heapInUse } from '../../doubles/heap';
import { soakFeed } from '../../doubles/soakFeed';
import { manualTime } from '../../doubles/manualTime';

const SYMBOLS = 2_000;
const TICKS_PER_SECOND = 10;
const MEGABYTE = 1_048_576;

test('seconds of 2,000 symbols at 10 ticks a second leave nothing behind in memory, and lose nothing', async () => {
  const time = manualTime(Date.UTC(2026, 10, 20, 4, 30));
  let seen = 0;
  const soak = await soakFeed({ symbols: SYMBOLS, clock: time.clock, pause: time.pause, listener: () => () => { seen += 1; } });
  const run = async (seconds: number): Promise<number> => {
    for (let second = 0; second < seconds; second += 1) {
      for (let tick = 0; tick < TICKS_PER_SECOND * SYMBOLS; tick += 1) soak.send(tick % SYMBOLS);
      await time.pass(1_000);
    }
    return heapInUse();
  };
  const before = await run(2);
  const after = await run(4);
  expect(seen).toBe(6 * TICKS_PER_SECOND * SYMBOLS);
  expect(soak.hub.status()).toMatchObject({ state: 'live', quarantined: 0, dropped: 0, reconnects: 0 });
  expect(after - before).toBeLessThan(MEGABYTE);
  await soak.close();
});
