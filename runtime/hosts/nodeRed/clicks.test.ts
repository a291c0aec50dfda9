import { Clicks } from './clicks';
import type { FlowMessage } from './red';

type Listener = (event: { readonly msg: FlowMessage; readonly destination: { readonly node?: { readonly type: string } } }) => void;

function followed(): { readonly clicks: Clicks; readonly receive: (type: string, msg: FlowMessage) => void } {
  let listener: Listener = () => undefined;
  const clicks = new Clicks();
  clicks.follow({ hooks: { add: (_name: string, given: Listener) => { listener = given; } } } as never);
  return { clicks, receive: (type, msg) => { listener({ msg, destination: { node: { type } } }); } };
}

test('a click on an Inject gives its message an id before the node has it: what follows is the person\'s', () => {
  const { clicks, receive } = followed();
  receive('inject', { _msgid: 'clicked' });
  expect(clicks.started({ _msgid: 'clicked', payload: { symbol: 'SBIN' } })).toBe(true);
});

test('an Inject\'s own timer, and messages of other nodes, are the flow\'s', () => {
  const { clicks, receive } = followed();
  receive('inject', {});
  receive('function', { _msgid: 'other' });
  expect([clicks.started({}), clicks.started({ _msgid: 'other' })]).toEqual([false, false]);
});

test('what is remembered has a limit', () => {
  const { clicks, receive } = followed();
  for (let click = 0; click <= 10_000; click += 1) receive('inject', { _msgid: String(click) });
  expect([clicks.started({ _msgid: '0' }), clicks.started({ _msgid: '1' }), clicks.started({ _msgid: '10000' })]).toEqual([false, true, true]);
});
