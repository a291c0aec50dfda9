import fc from 'fast-check';
import { editDistance } from './editDistance';

test.each([
  ['RELIANCE', 'RELIANCE', 0], ['RELIANCE', 'RELAINCE', 1], ['RELIANCE', 'RELIANC', 1], ['RELIANCE', 'RELIANNCE', 1], ['RELIANCE', 'RELIENCE', 1],
  ['RELIANCE', 'ERLAINCE', 2], ['RELIANCE', 'RLAINCE', 2], ['RELIANCE', 'INFY', 3], ['', 'AB', 2], ['A'.repeat(50), 'A'.repeat(50), 3],
])('%s and %s are %d apart, counted up to 3', (one, other, expected) => {
  expect(editDistance(one, other, 2)).toBe(expected);
});

test('it is the same both ways, and one slip is one', () => {
  const word = fc.stringMatching(/^[A-Z]{4,12}$/);
  fc.assert(fc.property(word, word, fc.nat(), (one, other, place) => {
    expect(editDistance(one, other, 2)).toBe(editDistance(other, one, 2));
    const at = place % (one.length - 1);
    const swapped = one.slice(0, at) + one.charAt(at + 1) + one.charAt(at) + one.slice(at + 2);
    expect(editDistance(one, swapped, 2)).toBeLessThanOrEqual(1);
  }));
});
