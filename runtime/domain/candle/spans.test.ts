import fc from 'fast-check';
import { Spans } from './spans';

const span = fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => ({ from: Math.min(a, b), until: Math.max(a, b) }));

test('spans hold exactly the moments that were added and not removed since', () => {
  fc.assert(fc.property(fc.array(fc.record({ adds: fc.boolean(), span }), { maxLength: 40 }), (steps) => {
    const spans = new Spans();
    const model = new Set<number>();
    for (const step of steps) {
      const { from, until } = step.span;
      if (step.adds) spans.add(step.span);
      else spans.remove(step.span);
      for (let moment = from; moment < until; moment += 1) {
        if (step.adds) model.add(moment);
        else model.delete(moment);
      }
    }
    const held = Array.from({ length: 61 }, (_, moment) => moment).filter((moment) => spans.overlaps({ from: moment, until: moment + 1 }));
    expect(held).toEqual([...model].sort((a, b) => a - b));
    expect(spans.isEmpty).toBe(model.size === 0);
  }));
});

test('there are never more than 64: the oldest ones are joined', () => {
  const spans = new Spans();
  for (let start = 0; start < 1_000; start += 10) spans.add({ from: start, until: start + 1 });
  expect(spans.all).toHaveLength(64);
  expect([spans.overlaps({ from: 5, until: 6 }), spans.overlaps({ from: 995, until: 999 })]).toEqual([true, false]);
});
