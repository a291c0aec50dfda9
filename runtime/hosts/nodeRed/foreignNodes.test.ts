import { FlowEnds } from './flowEnds';
import { followForeignNodes } from './foreignNodes';
import { ManualTimers } from './manualTimers';
import type { FlowMessage, NodeAPI, RedNode } from './red';

type Hooks = Parameters<NodeAPI['hooks']['add']>;

function following() {
  const hooks = new Map<string, (event: unknown) => void>();
  const timers = new ManualTimers();
  const ends = new FlowEnds(timers);
  followForeignNodes({ hooks: { add: (name: Hooks[0], listener: (event: never) => void) => hooks.set(name, listener as (event: unknown) => void) } }, ends);
  const seen: string[] = [];
  void ends.follow('s').then((end) => seen.push(end));
  const node = (id: string, expected: number) => ({ id, _expectedDoneCount: expected }) as RedNode;
  const message = (id: string, signalId = 's'): FlowMessage => ({ _msgid: id, payload: { signal: { id: signalId } } });
  return {
    seen, node, message,
    deliver: (to: RedNode, msg: FlowMessage) => hooks.get('postDeliver.bellwether')?.({ msg, destination: { node: to } }),
    complete: (at: RedNode, msg: FlowMessage) => hooks.get('onComplete.bellwether')?.({ msg, node: { node: at } }),
    advance: async (ms: number) => {
      timers.advance(ms);
      await new Promise(setImmediate);
    },
  };
}

test('a flow does not end while a foreign node works on it', async () => {
  const { seen, node, message, deliver, complete, advance } = following();
  const slow = node('slow', 1);
  deliver(slow, message('m'));
  await advance(20_000);
  expect(seen).toEqual([]);
  complete(slow, message('m'));
  await advance(100);
  expect(seen).toEqual(['quiet']);
});

test('a node that works on two copies has ended with the second', async () => {
  const { seen, node, message, deliver, complete, advance } = following();
  const join = node('join', 1);
  deliver(join, message('m'));
  deliver(join, message('m'));
  complete(join, message('m'));
  await advance(5_000);
  expect(seen).toEqual([]);
  complete(join, message('m'));
  await advance(100);
  expect(seen).toEqual(['quiet']);
});

test('a node that does not say when it has finished is given the quiet time', async () => {
  const { seen, node, message, deliver, advance } = following();
  deliver(node('switch', 0), message('m'));
  await advance(999);
  expect(seen).toEqual([]);
  await advance(1);
  expect(seen).toEqual(['quiet']);
});

test('messages of other signals, and of none, change nothing', async () => {
  const { seen, node, message, deliver, complete, advance } = following();
  const other = node('other', 1);
  for (const msg of [message('m', 'another'), { _msgid: 'n', payload: 5 }, {}]) {
    deliver(other, msg);
    complete(other, msg);
  }
  await advance(50);
  expect(seen).toEqual(['quiet']);
});
