import { Envelope } from '../../domain/envelope';
import { createReasons } from './reasons';

const item = (...why: readonly string[]): Envelope => Envelope.parse({ symbol: 'SBIN', ...(why.length === 0 ? {} : { condition: { text: 'x', result: 'true', why, missing: [] } }) });

test('the trigger\'s condition comes first, then those on the way; each node has its own', () => {
  const reasons = createReasons();
  reasons.began('s', 'Leave', item('crossed'));
  reasons.took('s', 'holding', item('crossed'));
  reasons.gave('s', item('crossed'), item('held'));
  reasons.took('s', 'late', item('held'));
  reasons.gave('s', item('held'), item('not late', 'held'));
  reasons.took('s', 'close', item('not late', 'held'));
  expect(['holding', 'late', 'close'].map((node) => reasons.because(node, 's'))).toEqual([
    { trigger: 'Leave', because: 'crossed' }, { trigger: 'Leave', because: 'crossed; held' }, { trigger: 'Leave', because: 'crossed; held; not late' },
  ]);
});

test('two branches of one signal do not tell each other\'s conditions', () => {
  const reasons = createReasons();
  reasons.began('s', 'Candle', item());
  for (const branch of ['up', 'down']) {
    reasons.gave('s', item(), item(branch));
    reasons.took('s', branch, item(branch));
  }
  expect([reasons.because('up', 's').because, reasons.because('down', 's').because]).toEqual(['up', 'down']);
});

test('an item that lost its condition in a node of another maker came by the trigger\'s all the same', () => {
  const reasons = createReasons();
  reasons.began('s', 'Enter', item('crossed'));
  reasons.took('s', 'order', item());
  reasons.gave('s', item(), item('held'));
  reasons.took('s', 'close', item('held'));
  expect([reasons.because('order', 's').because, reasons.because('close', 's').because]).toEqual(['crossed', 'crossed; held']);
  expect(reasons.because('order', 'another')).toEqual({});
});
