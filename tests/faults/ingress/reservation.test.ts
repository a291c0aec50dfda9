import { gate, settled } from '../../doubles/gate';
import { alert, inboxWorld, recorder, tradingView } from '../../doubles/ingressWorld';

const binding = tradingView();

test('a signal that arrives at an attached flow with a free place needs no claim', async () => {
  const { ingress, post, store, statuses } = inboxWorld();
  const flow = recorder();
  ingress.attach('tv', flow.deliver);
  await settled();
  const claims = jest.spyOn(store, 'claimSignals');
  await post(binding, alert('a'));
  await flow.until(1);
  await settled();
  expect(claims).not.toHaveBeenCalled();
  expect(flow.seen).toMatchObject([{ status: 'DELIVERED', attempts: 1 }]);
  expect(statuses()).toEqual(['DONE']);
});

test('a flow begins when its signal is committed; the sender is answered when it is on the disk', async () => {
  const { ingress, post, store } = inboxWorld();
  const [flow, disk] = [recorder(), gate()];
  ingress.attach('tv', flow.deliver);
  await settled();
  const receive = store.receive;
  jest.spyOn(store, 'receive').mockImplementation(async (receipt, onCommitted) => {
    const received = await receive(receipt);
    onCommitted?.(received);
    await disk.passed;
    return received;
  });
  let isAnswered = false;
  const answer = post(binding, alert('a')).finally(() => { isAnswered = true; });
  await flow.until(1);
  await settled();
  expect(isAnswered).toBe(false);
  disk.open();
  expect((await answer).status).toBe(202);
  expect(flow.seen).toHaveLength(1);
});

test('a look for entries of other processes keeps no place from new ones', async () => {
  const { ingress, post, store } = inboxWorld();
  const [flow, look, asked] = [recorder(), gate(), gate()];
  ingress.attach('tv', flow.deliver);
  await settled();
  const claimSignals = store.claimSignals;
  const claims = jest.spyOn(store, 'claimSignals').mockImplementation(async (request) => {
    asked.open();
    await look.passed;
    return claimSignals(request);
  });
  ingress.poke();
  await asked.passed;
  await post(binding, alert('a'));
  await flow.until(1);
  look.open();
  await ingress.close();
  expect([flow.seen.length, claims.mock.calls.length]).toEqual([1, 1]);
});

test('a signal that could not be journalled leaves its place free', async () => {
  const { ingress, post, store } = inboxWorld();
  const flow = recorder();
  ingress.attach('tv', flow.deliver, { concurrency: 1 });
  await settled();
  store.failNext(new Error('disk'));
  expect((await post(binding, alert('a'))).status).toBe(503);
  await post(binding, alert('b'));
  await flow.until(1);
  expect(flow.seen).toMatchObject([{ item: { symbol: 'SBIN' } }]);
});

test('a repeat takes no place', async () => {
  const { ingress, post } = inboxWorld();
  const flow = recorder();
  ingress.attach('tv', flow.deliver, { concurrency: 1 });
  await settled();
  for (const id of ['a', 'a', 'b']) await post(binding, alert(id));
  await flow.until(2);
  expect(flow.seen).toHaveLength(2);
});

test('a detach while a signal is being journalled for the flow leaves it to the next one', async () => {
  const { ingress, post, store } = inboxWorld();
  const [early, late] = [recorder(), recorder()];
  const detach = ingress.attach('tv', early.deliver);
  await settled();
  const journalled = gate();
  const receive = store.receive;
  jest.spyOn(store, 'receive').mockImplementation(async (receipt) => {
    await journalled.passed;
    return receive(receipt);
  });
  const posting = post(binding, alert('a'));
  const detached = detach(0);
  journalled.open();
  expect((await posting).status).toBe(202);
  await detached;
  ingress.attach('tv', late.deliver);
  await late.until(1);
  expect([early.seen.length, late.seen.length]).toEqual([0, 1]);
});
