import { manualTime, type ManualTime } from '../../../tests/doubles/manualTime';
import { silentLog } from '../../../tests/doubles/ingressWorld';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/time';
import { LOOK_BACK_MS, RESUME_TRIES, STANDSTILL_LIMIT } from './limits';
import { runSchedule, type ScheduleRun } from './schedule';
import { createStop, type Stop } from './stop';

/** 2026-11-20 10:00 in India. */
const T0 = Date.UTC(2026, 10, 20, 4, 30);
const HOUR_MS = 60 * MINUTE_MS;

interface World {
  readonly time: ManualTime;
  readonly stop: Stop;
  /** Planned times and how late each was, in seconds. */
  readonly woken: [EpochMs, number][];
  readonly alarms: string[];
  readonly ended: Promise<void>;
}

const every = (ms: number) => (after: EpochMs) => (Math.floor(after / ms) + 1) * ms;

function running(more: Partial<ScheduleRun> = {}): World {
  const time = manualTime(T0);
  const stop = createStop();
  const woken: [EpochMs, number][] = [];
  const alarms: string[] = [];
  const run: ScheduleRun = {
    clock: time.clock, pause: time.pause, log: silentLog, stop, next: every(MINUTE_MS), resume: (now) => Promise.resolve(now),
    wake: (planned, now) => { woken.push([planned, Math.round((now - planned) / SECOND_MS)]); }, onAlarm: (text) => alarms.push(text), ...more,
  };
  return { time, stop, woken, alarms, ended: runSchedule(run) };
}

const open: World[] = [];
const started = (more?: Partial<ScheduleRun>): World => {
  const world = running(more);
  open.push(world);
  return world;
};
afterEach(() => {
  for (const { stop } of open.splice(0)) stop.stop();
});

test('it wakes at every planned time, on time, once', async () => {
  const { time, woken } = started();
  await time.passTo(T0 + 3 * MINUTE_MS + SECOND_MS);
  expect(woken).toEqual([[T0 + MINUTE_MS, 0], [T0 + 2 * MINUTE_MS, 0], [T0 + 3 * MINUTE_MS, 0]]);
});

test('what was slept through is given late, each with the time it is now', async () => {
  const { time, woken } = started();
  await time.passTo(T0 + MINUTE_MS);
  await time.sleepTo(T0 + 4 * MINUTE_MS + 10 * SECOND_MS);
  expect(woken).toEqual([[T0 + MINUTE_MS, 0], [T0 + 2 * MINUTE_MS, 130], [T0 + 3 * MINUTE_MS, 70], [T0 + 4 * MINUTE_MS, 10]]);
});

test('what an earlier life slept through as well, but no further back than a week', async () => {
  const { time, woken } = started({ next: every(12 * HOUR_MS), resume: (now) => Promise.resolve(now - 4 * LOOK_BACK_MS) });
  await time.passTo(T0 + MINUTE_MS);
  expect(woken).toHaveLength(14);
  expect(woken[0]?.[0]).toBeGreaterThan(T0 - LOOK_BACK_MS);
});

test('a last planned time in the future was a wrong clock’s and counts as now', async () => {
  const { time, woken } = started({ resume: (now) => Promise.resolve(now + 24 * HOUR_MS) });
  await time.passTo(T0 + MINUTE_MS);
  expect(woken).toEqual([[T0 + MINUTE_MS, 0]]);
});

test('a clock that is set back is told, and the schedule follows the time it shows', async () => {
  const { time, woken, alarms } = started();
  await time.passTo(T0 + 2 * MINUTE_MS + SECOND_MS);
  await time.setClock(T0 - HOUR_MS);
  await time.passTo(T0 - HOUR_MS + MINUTE_MS + 30 * SECOND_MS);
  expect(alarms).toEqual([expect.stringMatching(/^clock set back by 37\d\d s$/)]);
  expect(woken.slice(2)).toEqual([[T0 - HOUR_MS + MINUTE_MS, 0]]);
});

test('a clock that is corrected by a second alarms nobody and wakes nobody twice', async () => {
  const { time, woken, alarms } = started();
  await time.passTo(T0 + MINUTE_MS);
  await time.setClock(T0 + MINUTE_MS - SECOND_MS);
  await time.passTo(T0 + 2 * MINUTE_MS);
  expect([alarms, woken.map(([planned]) => planned)]).toEqual([[], [T0 + MINUTE_MS, T0 + 2 * MINUTE_MS]]);
});

test('it ends at once when it is stopped, whatever it waits for', async () => {
  const { time, stop, ended, woken } = started();
  await time.passTo(T0 + SECOND_MS);
  stop.stop();
  await ended;
  expect(woken).toEqual([]);
});

test('it ends where nothing is planned any more', async () => {
  const { ended, woken } = started({ next: () => undefined });
  await ended;
  expect(woken).toEqual([]);
});

test('a wake that fails is another chance at the next planned time', async () => {
  let calls = 0;
  const { time } = started({ wake: () => { calls += 1; throw new Error('broken'); } });
  await time.passTo(T0 + 2 * MINUTE_MS);
  expect(calls).toBe(2);
});

test('the next planned time waits for what the wake promised', async () => {
  const first = Promise.withResolvers<undefined>();
  const calls: EpochMs[] = [];
  const { time } = started({ wake: (planned) => { calls.push(planned); return calls.length === 1 ? first.promise.then(() => undefined) : undefined; } });
  await time.passTo(T0 + 2 * MINUTE_MS);
  expect(calls).toHaveLength(1);
  first.resolve(undefined);
  await time.settle();
  expect(calls).toHaveLength(2);
});

test('a plan that does not move on is a bug, not an endless loop', async () => {
  await expect(running({ next: () => T0 }).ended).rejects.toThrow('which is not after');
});

test('a clock that stands still under passing waits ends the schedule', async () => {
  let pauses = 0;
  const world = running({ pause: () => { pauses += 1; return Promise.resolve(); } });
  await expect(world.ended).rejects.toThrow('stands still');
  expect(pauses).toBe(STANDSTILL_LIMIT);
});

test('a journal that stays broken is asked a few times; then the schedule counts from now, and says so', async () => {
  let asked = 0;
  const { time, woken, alarms } = started({ resume: () => { asked += 1; return Promise.reject(new Error('disk')); } });
  await time.passTo(T0 + MINUTE_MS);
  expect([asked, alarms.length, woken.length]).toEqual([RESUME_TRIES, 1, 1]);
});
