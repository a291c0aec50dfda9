import { Claims } from './claims';

const first = { id: 'a', title: 'Order (place order)' };
const second = { id: 'b', title: 'Copy (place order)' };

test('the later of two nodes with one key learns who has it', () => {
  const claims = new Claims();
  expect(claims.take('key', first)).toEqual({ taken: true });
  expect(claims.take('key', second)).toEqual({ taken: false, holder: first });
});

test('a node may take its own key again, and only the holder gives it back', () => {
  const claims = new Claims();
  claims.take('key', first);
  expect(claims.take('key', first)).toEqual({ taken: true });
  claims.release('key', second);
  expect(claims.has('key')).toBe(true);
  claims.release('key', first);
  expect(claims.take('key', second)).toEqual({ taken: true });
});
