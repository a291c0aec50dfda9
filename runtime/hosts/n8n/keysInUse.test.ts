import { createKeysInUse } from './keysInUse';

const WHO = { account: 'paper', strategyId: 'demo' };

test('a copied node is refused by name, its original is not', () => {
  const use = createKeysInUse();
  const original = { ...WHO, executionId: '7', nodeKey: 'tv-order', nodeId: 'a' };
  expect(use(original)).toMatchObject({ ok: true });
  expect(use({ ...original, nodeId: 'copy' })).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', field: 'nodeKey', message: expect.stringContaining('tv-order') as string } });
  expect(use(original)).toMatchObject({ ok: true });
});

test('items, loops and retries of one node are the same node', () => {
  const use = createKeysInUse();
  for (let item = 0; item < 5; item += 1) expect(use({ ...WHO, executionId: '7', nodeKey: 'k', nodeId: 'a' })).toMatchObject({ ok: true });
});

test('another execution may have another node under the key: the node was replaced meanwhile', () => {
  const use = createKeysInUse();
  expect(use({ ...WHO, executionId: '7', nodeKey: 'k', nodeId: 'a' })).toMatchObject({ ok: true });
  expect(use({ ...WHO, executionId: '8', nodeKey: 'k', nodeId: 'b' })).toMatchObject({ ok: true });
});

test('old executions are forgotten', () => {
  const use = createKeysInUse();
  use({ ...WHO, executionId: 'first', nodeKey: 'k', nodeId: 'a' });
  for (let execution = 0; execution < 1_000; execution += 1) use({ ...WHO, executionId: `${execution}`, nodeKey: 'k', nodeId: 'a' });
  expect(use({ ...WHO, executionId: 'first', nodeKey: 'k', nodeId: 'b' })).toMatchObject({ ok: true });
});

test.each([{ account: 'second' }, { strategyId: 'other' }])('a copy that acts for %o is told apart by that', (changes) => {
  const use = createKeysInUse();
  use({ ...WHO, executionId: '7', nodeKey: 'k', nodeId: 'a' });
  expect(use({ ...WHO, ...changes, executionId: '7', nodeKey: 'k', nodeId: 'copy' })).toMatchObject({ ok: true });
});
