import fc from 'fast-check';
import type { BudgetState } from './budget';
import { draw, drained, used, type Draw, type Lane, type RateWindow } from './draw';

const T0 = 1_795_000_000_000;
const SECOND: RateWindow = { ms: 1_000, most: 8, keptForExits: 2 };
const MINUTE: RateWindow = { ms: 60_000, most: 60, keptForExits: 15 };
const WINDOWS = [SECOND, MINUTE];

/** One budget that is drawn on at given times. */
function budget(windows: readonly RateWindow[] = WINDOWS) {
  let state: BudgetState | undefined;
  const granted: { readonly at: number; readonly lane: Lane }[] = [];
  return {
    granted,
    draw(lane: Lane, at: number): Draw {
      const result = draw({ state, windows, lane, now: at });
      state = result.state;
      if (result.granted) granted.push({ at, lane });
      return result;
    },
    drain(retryAfterMs: number, at: number): void { state = drained(state, retryAfterMs, at); },
    used: (window: RateWindow, at: number): number => used(state, window, at),
    state: () => state,
  };
}

function grantedOf(one: ReturnType<typeof budget>, lane: Lane, times: number, at: number): number {
  return Array.from({ length: times }, () => one.draw(lane, at)).filter((result) => result.granted).length;
}

test('entries stop before the share of exits, which have all that is left', () => {
  const one = budget();
  expect(grantedOf(one, 'entries', 20, T0)).toBe(6);
  expect(grantedOf(one, 'exits', 20, T0)).toBe(2);
});

test('exits may have the whole of a window', () => {
  expect(grantedOf(budget(), 'exits', 20, T0)).toBe(8);
});

test('a refusal says when to come back, and then there is room', () => {
  const one = budget();
  grantedOf(one, 'exits', 8, T0);
  const refused = one.draw('exits', T0 + 500);
  expect(refused).toMatchObject({ granted: false, because: 'spent', retryAt: T0 + 1_050 });
  expect(one.draw('exits', T0 + 1_049).granted).toBe(false);
  expect(one.draw('exits', T0 + 1_050).granted).toBe(true);
});

test('while an exit waits no entry is let through, and soon after it is', () => {
  const one = budget([{ ms: 1_000, most: 2, keptForExits: 0 }]);
  grantedOf(one, 'entries', 2, T0);
  one.draw('exits', T0 + 10);
  expect(one.draw('entries', T0 + 1_050)).toMatchObject({ granted: false, because: 'exitsFirst', retryAt: T0 + 1_300 });
  expect(one.draw('exits', T0 + 1_060).granted).toBe(true);
  expect(one.draw('entries', T0 + 1_300).granted).toBe(true);
});

test('429: entries keep still for as long as the broker says, exits ask again soon', () => {
  const one = budget();
  one.drain(60_000, T0);
  expect(one.draw('entries', T0 + 59_999)).toMatchObject({ granted: false, because: 'drained', retryAt: T0 + 60_000 });
  const again = budget();
  again.drain(60_000, T0);
  expect(again.draw('exits', T0 + 1_999)).toMatchObject({ granted: false, because: 'drained', retryAt: T0 + 2_000 });
  expect(again.draw('exits', T0 + 2_000).granted).toBe(true);
  expect(again.draw('entries', T0 + 60_000).granted).toBe(true);
});

test('a broker that asks for a day of silence gets ten minutes', () => {
  const one = budget();
  one.drain(86_400_000, T0);
  expect(one.draw('entries', T0 + 1)).toMatchObject({ retryAt: T0 + 600_000 });
});

test('a clock that was set back by an hour holds nobody up for an hour, and frees nothing', () => {
  const one = budget();
  grantedOf(one, 'exits', 8, T0);
  const back = T0 - 3_600_000;
  expect(one.draw('exits', back)).toMatchObject({ granted: false, retryAt: back + 1_050 });
  expect(one.draw('exits', back + 1_050).granted).toBe(true);
});

test('what is out of every window is forgotten', () => {
  const one = budget();
  for (let at = 0; at < 600; at += 1) one.draw('exits', T0 + at * 1_000);
  expect(one.used(MINUTE, T0 + 600_000)).toBeLessThanOrEqual(60);
  expect(Object.values(one.state()?.windows ?? {}).flat().length).toBeLessThanOrEqual(45);
});

const steps = fc.array(fc.record({ after: fc.oneof(fc.nat(120), fc.nat(5_000)), lane: fc.constantFrom<Lane>('exits', 'entries'), times: fc.integer({ min: 1, max: 12 }) }), { maxLength: 120 });

test('in no stretch of time as long as a window more is let through than it allows, and entries never have the share of exits', () => {
  fc.assert(fc.property(steps, (plan) => {
    const one = budget();
    let now = T0;
    for (const { after, lane, times } of plan) {
      now += after;
      for (let call = 0; call < times; call += 1) one.draw(lane, now);
    }
    for (const { ms, most, keptForExits } of WINDOWS) {
      for (const { at } of one.granted) {
        const within = one.granted.filter((call) => call.at > at - ms && call.at <= at);
        expect(within.length).toBeLessThanOrEqual(most);
        expect(within.filter(({ lane }) => lane === 'entries').length).toBeLessThanOrEqual(most - keptForExits);
      }
    }
  }));
});

test('exits are never starved: whatever entries ask for, an exit has its place in the share at once', () => {
  fc.assert(fc.property(steps, (plan) => {
    const one = budget();
    let now = T0;
    for (const { after, times } of plan) {
      now += after;
      for (let call = 0; call < times; call += 1) one.draw('entries', now);
    }
    expect(one.draw('exits', now).granted).toBe(true);
    expect(one.draw('exits', now).granted).toBe(true);
  }));
});

test('whoever comes back when told is let through, where nobody else came first', () => {
  fc.assert(fc.property(steps, fc.constantFrom<Lane>('exits', 'entries'), (plan, lane) => {
    const one = budget();
    let now = T0;
    for (const step of plan) {
      now += step.after;
      for (let call = 0; call < step.times; call += 1) one.draw(step.lane, now);
    }
    // Two refusals at most: room comes first, and the exit that waits before an entry second.
    for (let tries = 0; tries < 3; tries += 1) {
      const result = one.draw(lane, now);
      if (result.granted) return;
      expect(result.retryAt).toBeGreaterThan(now);
      now = result.retryAt;
    }
    expect(one.draw(lane, now).granted).toBe(true);
  }));
});
