import { FlowEnds, FlowInterrupted, type FlowEnd } from './flowEnds';
import { ManualTimers } from './manualTimers';

function following(signalId = 's') {
  const timers = new ManualTimers();
  const ends = new FlowEnds(timers, { settleMs: 50, quietMs: 1_000, longestMs: 60_000 });
  const seen: (FlowEnd | Error)[] = [];
  const follow = (id = signalId) => ends.follow(id).then((end) => seen.push(end), (error: unknown) => seen.push(error instanceof Error ? error : new Error(String(error))));
  void follow();
  const advance = async (ms: number): Promise<void> => {
    timers.advance(ms);
    await new Promise(setImmediate);
  };
  return { timers, ends, seen, follow, advance };
}

test('a flow without nodes ends when it has settled', async () => {
  const { seen, advance } = following();
  await advance(49);
  expect(seen).toEqual([]);
  await advance(1);
  expect(seen).toEqual(['quiet']);
});

test('a message that waited for its turn while the event loop stood still is not overlooked', async () => {
  const { timers, ends, seen, advance } = following();
  let end = (): void => undefined;
  timers.after(49, () => {
    timers.turn(() => { end = ends.begin('s'); });
    timers.stall(30);
  });
  await advance(50);
  expect(seen).toEqual([]);
  end();
  await advance(100);
  expect(seen).toEqual(['quiet']);
});

test('a flow through a node that does not report its end has to be quiet for longer, after every such node', async () => {
  const { ends, seen, advance } = following();
  for (let step = 0; step < 5; step += 1) {
    ends.passOn('s');
    await advance(900);
  }
  expect(seen).toEqual([]);
  await advance(100);
  expect(seen).toEqual(['quiet']);
});

test('a flow does not end while a node works, however long', async () => {
  const { ends, seen, advance } = following();
  const end = ends.begin('s');
  await advance(30_000);
  expect(seen).toEqual([]);
  end();
  await advance(49);
  expect(seen).toEqual([]);
  await advance(50);
  expect(seen).toEqual(['quiet']);
});

test('patience ends after the longest time, with a node still busy', async () => {
  const { ends, seen, advance } = following();
  ends.begin('s');
  await advance(59_999);
  expect(seen).toEqual([]);
  await advance(1);
  expect(seen).toEqual(['timeout']);
});

test('a node that reports its end twice does not end another node\'s work', async () => {
  const { ends, seen, advance } = following();
  const first = ends.begin('s');
  ends.begin('s');
  first();
  first();
  await advance(5_000);
  expect(seen).toEqual([]);
});

test('a stopped flow is interrupted, and late reports of its nodes leave the next delivery alone', async () => {
  const { ends, seen, follow, advance } = following();
  const late = ends.begin('s');
  ends.interruptAll();
  await advance(0);
  expect(seen[0]).toBeInstanceOf(FlowInterrupted);
  void follow();
  ends.begin('s');
  late();
  await advance(5_000);
  expect(seen).toHaveLength(1);
});

test('following a signal again interrupts the first', async () => {
  const { ends, seen, follow, advance } = following();
  void follow();
  await advance(0);
  expect(seen).toHaveLength(1);
  await advance(1_000);
  expect(seen[1]).toBe('quiet');
  expect(ends.size).toBe(0);
});

test('nothing is kept and no timer waits after the end', async () => {
  const { timers, ends, advance } = following();
  await advance(1_000);
  expect([ends.size, timers.waiting]).toEqual([0, 0]);
  ends.begin('s')();
  ends.passOn('s');
  ends.interrupt('s');
});
