import { Closing } from './closing';

test('whoever listens is called once; whoever left is not', () => {
  const closing = new Closing();
  const called: string[] = [];
  const left = (): void => { called.push('left'); };
  closing.add(() => { called.push('stays'); });
  closing.add(left);
  closing.remove(left);
  expect(closing.isClosed).toBe(false);
  closing.close();
  closing.close();
  expect([closing.isClosed, called]).toEqual([true, ['stays']]);
});

test('a listener may take itself away while all are called', () => {
  const closing = new Closing();
  const called: number[] = [];
  for (const number of [1, 2, 3]) {
    const listener = (): void => {
      closing.remove(listener);
      called.push(number);
    };
    closing.add(listener);
  }
  closing.close();
  expect(called).toEqual([1, 2, 3]);
});
