import fc from 'fast-check';
import { shareOf } from './participation';

const share = (more: Partial<Parameters<typeof shareOf>[0]> = {}) => shareOf({ percent: 10, lotSize: 1, remaining: 100, traded: { total: 5_000, now: 400 }, ...more });

test.each<[string, ReturnType<typeof share>, ReturnType<typeof share>]>([
  ['a tenth of the tick that it meets', share(), { quantity: 40, mark: 5_000 }],
  ['no more than is left of it', share({ remaining: 15 }), { quantity: 15, mark: 5_000 }],
  ['a tenth of what was traded since its last part', share({ mark: 4_800 }), { quantity: 20, mark: 5_000 }],
  ['whole lots only', share({ lotSize: 25 }), { quantity: 25, mark: 5_000 }],
  ['nothing of too little, which counts on', share({ lotSize: 65 }), { quantity: 0, mark: 4_600 }],
  ['what counted on', share({ lotSize: 65, mark: 4_300 }), { quantity: 65, mark: 5_000 }],
  ['nothing where nothing was traded', share({ traded: { total: 5_000, now: 0 } }), { quantity: 0, mark: 5_000 }],
  ['a count that began anew is the tick’s', share({ traded: { total: 300, now: 200 }, mark: 5_000 }), { quantity: 20, mark: 300 }],
  ['everything where nobody counts', share({ traded: undefined }), { quantity: 100 }],
  ['everything at 0 percent', share({ percent: 0 }), { quantity: 100 }],
])('an order gets %s', (_what, found, expected) => {
  expect(found).toEqual(expected);
});

test('over any ticks it gets no more than its share, in whole lots, and in the end all of it', () => {
  fc.assert(fc.property(fc.array(fc.nat(2_000), { maxLength: 30 }), fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 25, 65), (ticks, percent, lotSize) => {
    let [total, filled, mark] = [10_000, 0, undefined as number | undefined];
    for (const now of ticks) {
      total += now;
      const part = shareOf({ percent, lotSize, remaining: 1_300 - filled, traded: { total, now }, mark });
      filled += part.quantity;
      mark = part.mark;
      expect(filled % lotSize).toBe(0);
      expect(filled).toBeLessThanOrEqual(((total - 10_000) * percent) / 100);
    }
    expect(filled).toBeLessThanOrEqual(1_300);
    const last = shareOf({ percent, lotSize, remaining: 1_300 - filled, traded: { total: total + 1_000_000, now: 1_000_000 }, mark });
    expect(filled + last.quantity).toBe(1_300);
  }));
});
