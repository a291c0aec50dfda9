import { manualClock } from '../../adapters/system/manual';
import type { Log } from '../../domain/ports';
import { BEAT_MS, CLOCK_STEP_MS, createHealth, STALL_MS, WELL_FOR_MS, type HealthState } from './health';

const T0 = 1_795_000_000_000;
const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function world() {
  const clock = manualClock(T0);
  let elapsed = 1_000;
  const changes: HealthState['colour'][] = [];
  const health = createHealth({ clock, elapsed: () => elapsed, log: silent, onChange: ({ colour }) => changes.push(colour) });
  const pass = (ms: number, clockMs = ms): void => {
    elapsed += ms;
    clock.advance(clockMs);
  };
  const beats = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += BEAT_MS) {
      pass(BEAT_MS);
      health.look();
    }
  };
  return { clock, health, changes, pass, beats };
}

test('a process that beats is green', () => {
  const { health, beats, changes } = world();
  beats(120_000);
  expect(health.state()).toEqual({ colour: 'green' });
  expect(health.entryPause()).toBeUndefined();
  expect(changes).toEqual([]);
});

test.each([
  ['just below', STALL_MS + BEAT_MS - 1, 'green'],
  ['at', STALL_MS + BEAT_MS, 'red'],
] as const)('standing still %s the limit', (_name, ms, colour) => {
  const { health, pass } = world();
  pass(ms);
  health.look();
  expect(health.state().colour).toBe(colour);
});

test('it stays red until it has been well for a while, and says how long', () => {
  const { health, pass, beats, changes } = world();
  pass(6_000);
  health.look();
  beats(WELL_FOR_MS - BEAT_MS);
  expect(health.entryPause()).toEqual({ since: T0 + 6_000, until: T0 + 6_000 + WELL_FOR_MS, reason: 'The process stood still for 6 s. No entries until it has been well for 30 s.' });
  beats(BEAT_MS);
  expect(health.entryPause()).toBeUndefined();
  expect(changes).toEqual(['red', 'green']);
});

test('a second stall begins the while anew', () => {
  const { health, pass, beats, changes } = world();
  pass(6_000);
  health.look();
  beats(WELL_FOR_MS - 5_000);
  pass(7_000);
  health.look();
  beats(WELL_FOR_MS - BEAT_MS);
  expect(health.state()).toMatchObject({ colour: 'red', reason: 'The process stood still for 7 s.' });
  beats(BEAT_MS);
  expect(health.state().colour).toBe('green');
  expect(changes).toEqual(['red', 'green']);
});

test('whoever asks before the first beat after a stall is told of it', () => {
  const { health, pass } = world();
  pass(STALL_MS + BEAT_MS);
  expect(health.entryPause()?.reason).toContain('stood still');
});

test.each([
  ['ahead', CLOCK_STEP_MS, 'The machine\'s clock moved ahead by 2 s.'],
  ['back', -3_600_000, 'The machine\'s clock moved back by 3600 s.'],
] as const)('a clock that is set %s is an alarm', (_name, step, reason) => {
  const { health, pass } = world();
  pass(BEAT_MS, BEAT_MS + step);
  health.look();
  expect(health.state()).toMatchObject({ colour: 'red', reason });
});

test('small corrections of the clock are none', () => {
  const { health, pass } = world();
  pass(BEAT_MS, BEAT_MS + CLOCK_STEP_MS - 1);
  health.look();
  expect(health.state().colour).toBe('green');
});

test('the wait is counted in time that really passes, not by a clock that was set back', () => {
  const { health, pass, beats } = world();
  pass(BEAT_MS, -3_600_000);
  health.look();
  beats(WELL_FOR_MS);
  expect(health.entryPause()).toBeUndefined();
});
