import { ManualTimers } from './manualTimers';
import type { NodeStatus } from './red';
import { StatusLine } from './statusLine';

const state = (text: string): NodeStatus => ({ fill: 'green', shape: 'dot', text });

function line() {
  const timers = new ManualTimers();
  const shown: unknown[] = [];
  return { timers, shown, status: new StatusLine({ status: (value) => shown.push('text' in value ? value.text : '') }, timers) };
}

test('the first state shows at once, a flood shows twice a second, the last one wins', () => {
  const { timers, shown, status } = line();
  for (let count = 0; count < 100; count += 1) {
    status.show(state(`n${count}`));
    timers.advance(10);
  }
  timers.advance(1_000);
  expect(shown).toEqual(['n0', 'n49', 'n99']);
});

test('a closed line shows nothing more', () => {
  const { timers, shown, status } = line();
  status.show(state('a'));
  status.show(state('b'));
  status.close();
  timers.advance(1_000);
  expect(shown).toEqual(['a']);
  expect(timers.waiting).toBe(0);
});
