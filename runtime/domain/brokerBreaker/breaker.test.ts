import { afterFailure, afterSuccess, CLOSED, FAILURES_TO_OPEN, FIRST_COOLDOWN_MS, isHolding, LONGEST_COOLDOWN_MS, type Breaker, type CallKind } from './breaker';

const T0 = 1_795_000_000_000;

function failing(times: number, kind: CallKind = 'command', from: Breaker = CLOSED, at = T0): Breaker {
  return Array.from({ length: times }).reduce<Breaker>((breaker) => afterFailure(breaker, kind, at), from);
}

test('it opens at the fifth failure in a row', () => {
  expect(failing(FAILURES_TO_OPEN - 1).state).toBe('closed');
  expect(failing(FAILURES_TO_OPEN)).toEqual({ state: 'open', since: T0, until: T0 + FIRST_COOLDOWN_MS, cooldownMs: FIRST_COOLDOWN_MS, because: 'command' });
});

test('an answer of the same kind begins the row anew, one of the other kind does not', () => {
  const four = failing(FAILURES_TO_OPEN - 1);
  expect(failing(1, 'command', afterSuccess(four, 'command')).state).toBe('closed');
  expect(failing(1, 'command', afterSuccess(four, 'read')).state).toBe('open');
});

test('reads and commands that fail by turns are counted apart', () => {
  expect(failing(1, 'command', failing(FAILURES_TO_OPEN - 1, 'read')).state).toBe('closed');
});

test('entries wait until the time is over', () => {
  const open = failing(FAILURES_TO_OPEN);
  expect(isHolding(open, T0 + FIRST_COOLDOWN_MS - 1)).toBe(true);
  expect(isHolding(open, T0 + FIRST_COOLDOWN_MS)).toBe(false);
  expect(isHolding(CLOSED, T0)).toBe(false);
});

test('a trial that fails doubles the wait, up to two minutes; what fails before its time does not', () => {
  let breaker = failing(FAILURES_TO_OPEN);
  expect(failing(50, 'command', breaker, T0 + 1)).toEqual(breaker);
  let now = T0;
  const waits: number[] = [];
  for (let trial = 0; trial < 5; trial += 1) {
    now = breaker.state === 'open' ? breaker.until : now;
    breaker = afterFailure(breaker, 'command', now);
    if (breaker.state === 'open') waits.push(breaker.until - now);
  }
  expect(waits).toEqual([30_000, 60_000, LONGEST_COOLDOWN_MS, LONGEST_COOLDOWN_MS, LONGEST_COOLDOWN_MS]);
});

test.each<readonly [CallKind, CallKind, Breaker['state']]>([
  ['command', 'command', 'closed'], ['command', 'read', 'open'], ['read', 'read', 'closed'], ['read', 'command', 'closed'],
])('opened by failing %ss, after a %s that worked it is %s', (because, kind, state) => {
  expect(afterSuccess(failing(FAILURES_TO_OPEN, because), kind).state).toBe(state);
});
