import { gate, settled } from '../../doubles/gate';
import { alert, inboxWorld, ingressWorld, recorder, tradingView } from '../../doubles/ingressWorld';

const binding = tradingView();

test('what arrives while nobody is attached is delivered on attach, oldest first, and marked done', async () => {
  const { ingress, post, statuses } = inboxWorld();
  for (const id of ['a', 'b', 'c']) await post(binding, alert(id));
  const flow = recorder();
  const detach = ingress.attach('tv', flow.deliver, { concurrency: 1 });
  await flow.until(3);
  await detach(1_000);
  expect(flow.seen.map(({ receiptId }) => receiptId)).toEqual(['r2', 'r3', 'r4']);
  expect(statuses()).toEqual(['DONE', 'DONE', 'DONE']);
});

test('what arrives while a flow is attached is delivered at once', async () => {
  const { ingress, post } = inboxWorld();
  const flow = recorder();
  ingress.attach('tv', flow.deliver);
  await settled();
  await post(binding, alert('a'));
  await flow.until(1);
  expect(flow.seen[0]?.item).toMatchObject({ symbol: 'SBIN' });
});

test('older entries go first: a new one waits behind them', async () => {
  const { ingress, post } = inboxWorld();
  for (const id of ['a', 'b']) await post(binding, alert(id));
  const [first, order] = [gate(), [] as (string | undefined)[]];
  const all = gate();
  ingress.attach('tv', async ({ receiptId }) => {
    order.push(receiptId);
    if (order.length === 3) all.open();
    if (order.length === 1) await first.passed;
  }, { concurrency: 1 });
  await settled();
  await post(binding, alert('c'));
  first.open();
  await all.passed;
  expect(order).toEqual(['r2', 'r3', 'r4']);
});

test('never more at one time than the concurrency, and all in the end', async () => {
  const { ingress, post } = inboxWorld();
  let now = 0;
  let most = 0;
  const all = gate();
  let done = 0;
  ingress.attach('tv', async () => {
    now += 1;
    most = Math.max(most, now);
    await settled();
    now -= 1;
    done += 1;
    if (done === 25) all.open();
  }, { concurrency: 4 });
  await Promise.all(Array.from({ length: 25 }, (_, index) => post(binding, alert(`n${index}`))));
  await all.passed;
  expect(most).toBe(4);
});

test('a flow that fails is tried again, at most five times, then the signal is failed with the reason', async () => {
  const { ingress, post, store } = inboxWorld();
  let tries = 0;
  const last = gate();
  ingress.attach('tv', () => {
    tries += 1;
    if (tries === 5) last.open();
    return Promise.reject(new Error('no such flow'));
  });
  await post(binding, alert('a'));
  await last.passed;
  await settled();
  expect(tries).toBe(5);
  expect(store.rows[0]?.entry).toMatchObject({ status: 'FAILED', reason: 'no such flow' });
});

test('a deliverer that throws at once counts as one that fails', async () => {
  const { ingress, post, store } = inboxWorld();
  ingress.attach('tv', () => { throw new Error('at once'); });
  await post(binding, alert('a'));
  await settled();
  expect(store.rows[0]?.entry).toMatchObject({ status: 'FAILED', reason: 'at once' });
});

test('a flow that fails once and then works ends done', async () => {
  const { ingress, post, statuses } = inboxWorld();
  let tries = 0;
  ingress.attach('tv', () => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error('once')) : Promise.resolve();
  });
  await post(binding, alert('a'));
  await settled();
  expect(statuses()).toEqual(['DONE']);
});

test('a detach waits for what runs, and starts nothing new', async () => {
  const { ingress, post, statuses } = inboxWorld({ pause: () => new Promise(() => undefined) });
  const [started, flow] = [gate(), gate()];
  const detach = ingress.attach('tv', async () => {
    started.open();
    await flow.passed;
  }, { concurrency: 1 });
  await post(binding, alert('a'));
  await started.passed;
  const detached = detach(5_000);
  await post(binding, alert('b'));
  flow.open();
  await detached;
  expect(statuses()).toEqual(['DONE', 'RECEIVED']);
});

test('a detach gives up waiting after its patience; the flow’s late end still counts, and nobody gets the signal twice meanwhile', async () => {
  const { ingress, post, statuses } = inboxWorld();
  const [started, flow] = [gate(), gate()];
  const detach = ingress.attach('tv', async () => {
    started.open();
    await flow.passed;
  });
  await post(binding, alert('a'));
  await started.passed;
  await detach(10);
  const second = recorder();
  ingress.attach('tv', second.deliver);
  await settled();
  expect(second.seen).toHaveLength(0);
  flow.open();
  await settled();
  expect([second.seen.length, ...statuses()]).toEqual([0, 'DONE']);
});

test('interruptions by redeploys are no failures: after a hundred of them the signal is still delivered', async () => {
  const { ingress, post, statuses } = inboxWorld();
  await post(binding, alert('a'));
  for (let deploy = 0; deploy < 100; deploy += 1) {
    const [started, interrupted] = [gate(), gate()];
    const detach = ingress.attach('tv', async () => {
      started.open();
      await interrupted.passed;
    });
    await started.passed;
    const detached = detach(1_000);
    interrupted.fail(new Error('redeployed'));
    await detached;
    await settled();
    expect(statuses()).toEqual(['RECEIVED']);
  }
  const flow = recorder();
  ingress.attach('tv', flow.deliver);
  await flow.until(1);
});

test('what an earlier life was working on is delivered again at once', async () => {
  const before = inboxWorld();
  const started = gate();
  before.ingress.attach('tv', () => {
    started.open();
    return new Promise(() => undefined);
  });
  await before.post(binding, alert('a'));
  await started.passed;
  const after = ingressWorld({ store: before.store, clock: before.clock, prefix: 's' });
  const flow = recorder();
  after.ingress.attach('tv', flow.deliver);
  await flow.until(1);
  await settled();
  expect(before.statuses()).toEqual(['DONE']);
});

test('what another process works on is left to it while it lives, and taken over when it has died', async () => {
  const living = new Set(['here', 'there']);
  const owners = (own: string) => ({ own, isAlive: (owner: string) => living.has(owner) });
  const there = inboxWorld({ owners: owners('there') });
  const started = gate();
  there.ingress.attach('tv', () => {
    started.open();
    return new Promise(() => undefined);
  });
  await there.post(binding, alert('a'));
  await started.passed;
  const here = ingressWorld({ store: there.store, clock: there.clock, prefix: 's', owners: owners('here') });
  const flow = recorder();
  here.ingress.attach('tv', flow.deliver);
  here.ingress.poke();
  await settled();
  expect(flow.seen).toHaveLength(0);
  living.delete('there');
  here.ingress.poke();
  await flow.until(1);
});

test('a signal that ends its process each time is given up after fifty lives', async () => {
  const { store, clock, post, statuses } = inboxWorld();
  await post(binding, alert('a'));
  const lives: string[] = [];
  for (let life = 0; life < 60 && statuses()[0] !== 'FAILED'; life += 1) {
    ingressWorld({ store, clock, prefix: `life${life}-` }).ingress.attach('tv', () => {
      lives.push(`life${life}`);
      return new Promise(() => undefined);
    });
    await settled();
  }
  expect([lives.length, ...statuses()]).toEqual([50, 'FAILED']);
});

test('an end that could not be journalled is made good with the next poke', async () => {
  const { ingress, post, store, statuses } = inboxWorld();
  await post(binding, alert('a'));
  const flow = recorder();
  ingress.attach('tv', async (entry) => {
    if (flow.seen.length === 0) store.failNext(new Error('disk'), 3);
    await flow.deliver(entry);
  });
  await flow.until(1);
  await settled();
  expect(statuses()).toEqual(['DELIVERED']);
  ingress.poke();
  await flow.until(2);
  await settled();
  expect(statuses()).toEqual(['DONE']);
});

test('a poke finds what another process journalled', async () => {
  const here = inboxWorld();
  const flow = recorder();
  here.ingress.attach('tv', flow.deliver);
  await settled();
  await ingressWorld({ store: here.store, clock: here.clock, prefix: 's' }).post(binding, alert('a'));
  expect(flow.seen).toHaveLength(0);
  here.ingress.poke();
  await flow.until(1);
});

test('a journal that breaks while delivering is tried again', async () => {
  const { ingress, post, store, statuses } = inboxWorld();
  await post(binding, alert('a'));
  store.failNext(new Error('disk'), 2);
  const flow = recorder();
  ingress.attach('tv', flow.deliver);
  await flow.until(1);
  store.failNext(new Error('disk'), 2);
  await settled();
  expect(statuses()).toEqual(['DONE']);
});

test('an editor’s test is never delivered', async () => {
  const { ingress, post, statuses } = inboxWorld();
  await post(binding, alert('a'), {}, 'caller');
  const flow = recorder();
  ingress.attach('tv', flow.deliver);
  ingress.poke();
  await settled();
  expect([flow.seen.length, ...statuses()]).toEqual([0, 'DONE']);
});

test('closing ends deliveries and leaves what did not end to the next life', async () => {
  const { ingress, post, store, clock } = inboxWorld();
  const started = gate();
  ingress.attach('tv', () => {
    started.open();
    return new Promise(() => undefined);
  });
  await post(binding, alert('a'));
  await started.passed;
  await ingress.close();
  const flow = recorder();
  ingressWorld({ store, clock, prefix: 's' }).ingress.attach('tv', flow.deliver);
  await flow.until(1);
});

test('a flow that runs longer than its lease is not started a second time', async () => {
  const { ingress, post, clock, statuses } = inboxWorld();
  const flow = gate();
  let starts = 0;
  ingress.attach('tv', async () => {
    starts += 1;
    await flow.passed;
  });
  await post(binding, alert('a'));
  await settled();
  clock.advance(3_600_000);
  ingress.poke();
  await settled();
  flow.open();
  await settled();
  expect([starts, ...statuses()]).toEqual([1, 'DONE']);
});

test('a last attempt that a detach cuts short is no failure', async () => {
  const { ingress, post, statuses } = inboxWorld();
  const [fifth, interrupted] = [gate(), gate()];
  let tries = 0;
  const detach = ingress.attach('tv', async () => {
    tries += 1;
    if (tries < 5) throw new Error('not yet');
    fifth.open();
    await interrupted.passed;
  });
  await post(binding, alert('a'));
  await fifth.passed;
  const detached = detach(1_000);
  interrupted.fail(new Error('redeployed'));
  await detached;
  await settled();
  expect(statuses()).toEqual(['RECEIVED']);
});
