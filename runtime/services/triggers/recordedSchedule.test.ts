import { manualClock } from '../../adapters/system/manual';
import { silentLog } from '../../../tests/doubles/ingressWorld';
import { runRecordedSchedule } from './recordedSchedule';
import { createStop } from './stop';

function recording() {
  const clock = manualClock(0);
  let next: { due: number; work: () => void | Promise<void> } | undefined;
  return {
    clock,
    atTime: (due: number, work: () => void | Promise<void>) => {
      const entry = { due, work };
      next = entry;
      return () => { if (next === entry) next = undefined; };
    },
    /** Plays to the next moment that work waits for. */
    async play() {
      const entry = next;
      next = undefined;
      if (entry === undefined) return false;
      clock.set(entry.due);
      await entry.work();
      return true;
    },
  };
}

function start(world: ReturnType<typeof recording>, wake: (planned: number) => void | Promise<void>) {
  const stop = createStop();
  const run = runRecordedSchedule({
    clock: world.clock, pause: () => Promise.resolve(), log: silentLog, stop, wake, onAlarm: () => undefined,
    resume: (now) => Promise.resolve(now), next: (after) => (after >= 30 ? undefined : after + 10),
  }, world.atTime);
  return { ...run, stop };
}

test('every planned moment is met in the recording’s time, and the recording waits for it', async () => {
  const world = recording();
  const seen: [number, number][] = [];
  const { started } = start(world, async (planned) => {
    await Promise.resolve();
    seen.push([planned, world.clock.now()]);
  });
  await started;
  while (await world.play());
  expect(seen).toEqual([[10, 10], [20, 20], [30, 30]]);
});

test('a moment that fails does not end the schedule', async () => {
  const world = recording();
  const seen: number[] = [];
  const { started } = start(world, (planned) => {
    seen.push(planned);
    throw new Error('no');
  });
  await started;
  while (await world.play());
  expect(seen).toEqual([10, 20, 30]);
});

test('nothing is met after it was taken back', async () => {
  const world = recording();
  const seen: number[] = [];
  const { started, cancel, stop } = start(world, (planned) => { seen.push(planned); });
  await started;
  await world.play();
  stop.stop();
  cancel();
  expect(await world.play()).toBe(false);
  expect(seen).toEqual([10]);
});
