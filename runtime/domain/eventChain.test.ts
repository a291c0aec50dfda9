import fc from 'fast-check';
import { chainedId, chainOf } from './eventChain';

const hex = fc.stringMatching(/^[0-9a-f]{32}$/);

test('the length of a chain is read off the signal’s id, whatever is written behind it', () => {
  fc.assert(fc.property(hex, fc.integer({ min: 1, max: 999_999 }), fc.constantFrom('', ' slice 2', '#1'), (id, chain, behind) => {
    expect(chainOf(chainedId(id, chain) + behind)).toBe(chain);
  }));
});

test('other signals stand at the beginning of one', () => {
  fc.assert(fc.property(fc.oneof(hex, fc.uuid(), fc.constant(undefined)), (id) => { expect(chainOf(id)).toBe(0); }));
  expect(chainedId('a', 0)).toBe('a');
});
