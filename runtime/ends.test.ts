import { silentLog } from '../tests/doubles/ingressWorld';
import { createEnds } from './ends';

test('parts end in the house’s order, whatever the order of their beginning, and once', async () => {
  const ended: string[] = [];
  const ends = createEnds(silentLog);
  for (const part of ['owners', 'store', 'prices', 'rounds', 'desk'] as const) ends.of(part, () => { ended.push(part); });
  await Promise.all([ends.all(), ends.all()]);
  expect(ended).toEqual(['rounds', 'desk', 'prices', 'store', 'owners']);
});

test('one that can not be ended keeps none of the others, and the first failure is told', async () => {
  const ended: string[] = [];
  const ends = createEnds(silentLog);
  ends.of('prices', () => { throw new Error('first'); });
  ends.of('store', () => Promise.reject(new Error('second')));
  ends.of('owners', () => { ended.push('owners'); });
  await expect(ends.all()).rejects.toThrow('first');
  expect(ended).toEqual(['owners']);
});
