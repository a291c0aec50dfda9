import { Closing } from './closing';
import { FlowState } from './flowState';

test('waits for the flows to start', async () => {
  const state = new FlowState();
  const waiting = state.untilRunning(new Closing());
  state.started();
  expect([await waiting, state.running]).toEqual([true, true]);
  state.stopping();
  expect(state.running).toBe(false);
});

test('a node that is closed waits no longer, whether before or meanwhile', async () => {
  const state = new FlowState();
  const closing = new Closing();
  const waiting = state.untilRunning(closing);
  closing.close();
  expect(await waiting).toBe(false);
  state.started();
  expect(await state.untilRunning(closing)).toBe(false);
});
