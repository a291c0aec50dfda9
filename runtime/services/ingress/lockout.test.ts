import { createLockout } from './lockout';

const limits = { maxWrongSecrets: 3, lockoutWindowMs: 1_000, lockoutMs: 5_000, maxSources: 2 };

test('the last allowed failure locks the source out, for the whole time, and then it starts afresh', () => {
  const lockout = createLockout(limits);
  lockout.failed('a', 0);
  lockout.failed('a', 10);
  expect(lockout.remainingMs('a', 20)).toBe(0);
  lockout.failed('a', 20);
  expect([lockout.remainingMs('a', 20), lockout.remainingMs('a', 5_019), lockout.remainingMs('a', 5_020)]).toEqual([5_000, 1, 0]);
  lockout.failed('a', 5_020);
  expect(lockout.remainingMs('a', 5_020)).toBe(0);
});

test('failures of an earlier window do not count', () => {
  const lockout = createLockout(limits);
  lockout.failed('a', 0);
  lockout.failed('a', 999);
  lockout.failed('a', 1_000);
  expect(lockout.remainingMs('a', 1_000)).toBe(0);
});

test('other sources are unaffected', () => {
  const lockout = createLockout(limits);
  for (let at = 0; at < 3; at += 1) lockout.failed('a', at);
  expect([lockout.remainingMs('a', 3) > 0, lockout.remainingMs('b', 3)]).toEqual([true, 0]);
});

test('a clock that steps back does not lengthen a lock', () => {
  const lockout = createLockout(limits);
  for (let at = 0; at < 3; at += 1) lockout.failed('a', 1_000_000);
  expect(lockout.remainingMs('a', 0)).toBe(5_000);
});

test('the table is bounded and forgets the oldest', () => {
  const lockout = createLockout(limits);
  for (let at = 0; at < 3; at += 1) lockout.failed('a', at);
  for (const source of ['b', 'c', 'd']) lockout.failed(source, 5);
  expect([lockout.size, lockout.remainingMs('a', 6)]).toEqual([2, 0]);
});
