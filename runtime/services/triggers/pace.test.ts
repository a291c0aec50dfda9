import { silentLog } from '../../../tests/doubles/ingressWorld';
import type { Firing } from '../../domain/trigger';
import { createPace } from './pace';

const firing: Firing = { key: 'k', happenedAt: 0, item: {} };

function flow() {
  const { promise, resolve } = Promise.withResolvers<'done'>();
  return { emit: () => promise, end: () => resolve('done') };
}

test('a recording is given the listener’s promise, the live market is not', () => {
  const hanging = (): Promise<void> => new Promise(() => undefined);
  const of = (isRecording: boolean) => createPace({ isRecording, emit: flow().emit, log: silentLog }).listener(hanging)(1);
  expect(of(true)).toBeInstanceOf(Promise);
  expect(of(false)).toBeUndefined();
});

test('a listener that fails live is logged and ends nothing', async () => {
  const logged = Promise.withResolvers<object>();
  const pace = createPace({ isRecording: false, emit: flow().emit, log: { ...silentLog, error: (fields) => { logged.resolve(fields); } } });
  expect(pace.listener(() => Promise.reject(new Error('no')))(1)).toBeUndefined();
  expect(await logged.promise).toMatchObject({ err: new Error('no') });
});

test('settled means that every flow which was started has ended', async () => {
  const { emit, end } = flow();
  const pace = createPace({ isRecording: true, emit, log: silentLog });
  const ended = pace.emit(firing);
  let isSettled = false;
  const settled = pace.settled().then(() => { isSettled = true; });
  await Promise.resolve();
  expect(isSettled).toBe(false);
  end();
  await Promise.all([ended, settled]);
  await pace.settled();
});
