import { ManualTimers } from './manualTimers';
import { Parking } from './parking';

function parking(places = 2) {
  const timers = new ManualTimers();
  return { timers, calls: new Parking<string>(timers, { patienceMs: 2_500, places }) };
}

test('a bound token is found at once', async () => {
  const { calls } = parking();
  calls.bind('t', 'node');
  expect(await calls.find('t')).toEqual({ kind: 'found', target: 'node' });
});

test('an unknown token of running flows is unknown at once', async () => {
  const { calls } = parking();
  calls.flowsStarted();
  expect(await calls.find('t')).toEqual({ kind: 'unknown' });
});

test('a call during a redeploy waits for its node', async () => {
  const { calls } = parking();
  calls.bind('t', 'old');
  calls.flowsStarted();
  calls.flowsStopping();
  calls.unbind('t', 'old');
  const found = calls.find('t');
  calls.bind('t', 'new');
  expect(await found).toEqual({ kind: 'found', target: 'new' });
  expect(calls.parked).toBe(0);
});

test('a call whose node does not come back in time is told to try again', async () => {
  const { timers, calls } = parking();
  const found = calls.find('t');
  timers.advance(2_500);
  expect(await found).toEqual({ kind: 'busy' });
  expect(timers.waiting).toBe(0);
});

test('a call for a token that the new flows do not have is unknown', async () => {
  const { calls } = parking();
  const found = calls.find('t');
  calls.flowsStarted();
  expect(await found).toEqual({ kind: 'unknown' });
});

test('the number of waiting calls is bounded', async () => {
  const { calls } = parking(2);
  const waiting = [calls.find('a'), calls.find('b')];
  expect(await calls.find('c')).toEqual({ kind: 'busy' });
  calls.flowsStarted();
  expect(await Promise.all(waiting)).toEqual([{ kind: 'unknown' }, { kind: 'unknown' }]);
});

test('the second node with one token is refused, and releasing it leaves the first', async () => {
  const { calls } = parking();
  expect([calls.bind('t', 'first'), calls.bind('t', 'second')]).toEqual([true, false]);
  calls.unbind('t', 'second');
  expect(await calls.find('t')).toEqual({ kind: 'found', target: 'first' });
});
