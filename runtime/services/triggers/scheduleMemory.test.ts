import { NOW } from '../../../tests/doubles/ingressWorld';
import { bindingOf, triggerWorld, valueOf } from '../../../tests/doubles/triggerWorld';
import { ok } from '../../domain/denial';
import { MINUTE_MS } from '../../domain/time';

const hourly = (params: object, woken: number[]) => bindingOf((context) => {
  context.onSchedule((after) => (Math.floor(after / (60 * MINUTE_MS)) + 1) * 60 * MINUTE_MS, (planned) => {
    woken.push(planned);
    void context.emit({ key: `at ${planned}`, happenedAt: planned, item: {} });
  });
  return ok(undefined);
}, { params: { ...params } });
const HOUR_MS = 60 * MINUTE_MS;
const next = Math.ceil(NOW / HOUR_MS) * HOUR_MS;

async function lives(...each: readonly [params: object, until: number, sleepTo: number][]): Promise<number[]> {
  const world = triggerWorld();
  const woken: number[] = [];
  for (const [params, until, sleepTo] of each) {
    const stop = valueOf(await world.triggers.start(hourly(params, woken), () => Promise.resolve()));
    await world.time.settle();
    await world.time.passTo(until);
    await stop();
    await world.time.sleepTo(sleepTo);
  }
  return woken;
}

test('a new schedule has missed nothing', async () => {
  expect(await lives([{}, NOW + MINUTE_MS, NOW + MINUTE_MS])).toEqual([]);
});

test('a restart knows what was slept through, also before the first firing', async () => {
  expect(await lives([{}, NOW + MINUTE_MS, next + HOUR_MS + MINUTE_MS], [{}, next + HOUR_MS + 2 * MINUTE_MS, next + 2 * HOUR_MS])).toEqual([next, next + HOUR_MS]);
});

test('a restart does not say again what was said', async () => {
  expect(await lives([{}, next + MINUTE_MS, next + 2 * MINUTE_MS], [{}, next + 3 * MINUTE_MS, next + 3 * MINUTE_MS])).toEqual([next]);
});

test('a schedule that was changed has missed nothing', async () => {
  expect(await lives([{ a: 1 }, NOW + MINUTE_MS, next + MINUTE_MS], [{ a: 2 }, next + 2 * MINUTE_MS, next + 2 * MINUTE_MS])).toEqual([]);
});
