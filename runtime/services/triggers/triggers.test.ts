import { inboxStore } from '../../../tests/doubles/inboxStore';
import { NOW } from '../../../tests/doubles/ingressWorld';
import { manualTime } from '../../../tests/doubles/manualTime';
import { triggerWorld, type TriggerWorld } from '../../../tests/doubles/triggerWorld';
import { MINUTE_MS, SECOND_MS } from '../../domain/time';
import type { Firing } from '../../domain/trigger';
import type { HandedSignal } from '../../runtime';
import { LOOK_ELSEWHERE_MS } from './limits';

const firing = (key: string, more: Partial<Firing> = {}): Firing => ({ key, happenedAt: NOW, item: { symbol: 'SBIN' }, ...more });

/** A flow that takes signals and ends each when the test says so. */
function flow() {
  const taken: HandedSignal[] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  return {
    taken,
    deliver: (signal: HandedSignal): Promise<void> => new Promise((resolve, reject) => {
      taken.push(signal);
      ends.push({ resolve, reject });
    }),
    end: () => ends.shift()?.resolve(),
    fail: () => ends.shift()?.reject(new Error('stopped')),
    ids: () => taken.map(({ item }) => item['symbol']),
  };
}

const journal = async ({ store }: TriggerWorld, nodeKey = 'watch') => (await store.signals({ nodeKey })).map(({ status, reason }) => [status, reason]);

describe('what must not be lost', () => {
  test('is in the journal before the flow sees it, and done when the flow has ended', async () => {
    const world = triggerWorld();
    const { taken, deliver, end } = flow();
    const { context } = await world.speaker(deliver);
    const said = context.emit(firing('one', { item: { symbol: 'SBIN', signal: { id: '', source: 'watch', at: NOW - 1, name: 'n' } } }));
    await world.time.settle();
    expect(await journal(world)).toEqual([['DELIVERED', undefined]]);
    const [signal] = taken;
    expect(signal).toMatchObject({ source: 'watcher', item: { symbol: 'SBIN', signal: { id: signal?.signalId, source: 'watch', at: NOW - 1, name: 'n' } } });
    end();
    expect(await said).toBe('done');
    await world.time.settle();
    expect(await journal(world)).toEqual([['DONE', undefined]]);
  });

  test('the same key is said once', async () => {
    const world = triggerWorld();
    const { taken, deliver, end } = flow();
    const { context } = await world.speaker(deliver);
    const first = context.emit(firing('one'));
    expect(await context.emit(firing('one'))).toBe('duplicate');
    await world.time.settle();
    end();
    await first;
    expect(await context.emit(firing('one'))).toBe('duplicate');
    expect(taken).toHaveLength(1);
  });

  test('a flow that does not take it is tried again, then given up for people to see', async () => {
    const world = triggerWorld();
    let tries = 0;
    const { context } = await world.speaker(() => { tries += 1; return Promise.reject(new Error('no')); });
    expect(await context.emit(firing('one'))).toBe('failed');
    await world.time.settle();
    expect([tries, await journal(world)]).toEqual([5, [['FAILED', 'no']]]);
  });

  test('what a stop interrupts is delivered in the next life', async () => {
    const world = triggerWorld();
    const first = flow();
    const life = await world.speaker(first.deliver);
    const said = life.context.emit(firing('one'));
    await world.time.settle();
    const stopped = life.stop();
    first.fail();
    await stopped;
    expect(await said).toBe('failed');
    const second = flow();
    await world.speaker(second.deliver);
    await world.time.settle();
    expect(second.taken.map(({ signalId }) => signalId)).toEqual(first.taken.map(({ signalId }) => signalId));
  });

  test('what is too old by then is not handed over and says so in the journal', async () => {
    const world = triggerWorld();
    const first = flow();
    const life = await world.speaker(first.deliver);
    void life.context.emit(firing('entry', { goodForMs: MINUTE_MS }));
    await world.time.settle();
    const stopped = life.stop();
    first.fail();
    await stopped;
    world.time.clock.advance(MINUTE_MS + 1);
    const second = flow();
    await world.speaker(second.deliver);
    await world.time.settle();
    expect(second.taken).toEqual([]);
    expect(await journal(world)).toEqual([['DONE', 'Expired: it was good until 2026-11-20T05:31:00.000Z and could be handed over at 2026-11-20T05:31:00.001Z.']]);
  });

  test('what is too old when it is said is journalled all the same', async () => {
    const world = triggerWorld();
    const { taken, deliver } = flow();
    const { context } = await world.speaker(deliver);
    expect(await context.emit(firing('old', { happenedAt: NOW - MINUTE_MS, goodForMs: SECOND_MS }))).toBe('expired');
    await world.time.settle();
    expect([taken, await journal(world)]).toEqual([[], [['DONE', expect.stringMatching(/^Expired: /)]]]);
  });

  test('a journal that is broken loses the signal loudly and ends nothing', async () => {
    const world = triggerWorld();
    const shown: string[] = [];
    const { context, stop } = await triggerWorld({ time: world.time, store: { ...world.store, receive: () => Promise.reject(new Error('disk')) } }).speaker(flow().deliver, { onStatus: (text) => shown.push(text) });
    const end = context.emit(firing('one'));
    await world.time.pass(MINUTE_MS);
    expect(await end).toBe('failed');
    expect(shown).toEqual(['failed, see the log: one']);
    await stop();
    expect([await context.emit(firing('two')), shown.length]).toEqual(['failed', 1]);
  });

  test('a journal that fails for a moment is asked again: what is due now is not lost', async () => {
    const time = manualTime(NOW);
    const store = inboxStore(time.clock);
    let tries = 0;
    const receive: typeof store.receive = (receipt) => ((tries += 1) < 3 ? Promise.reject(new Error('busy')) : store.receive(receipt));
    const world = triggerWorld({ time, store: { ...store, receive } });
    const { taken, deliver } = flow();
    const { context } = await world.speaker(deliver);
    void context.emit(firing('exit'));
    await world.time.pass(4 * SECOND_MS);
    expect(taken).toEqual([]);
    await world.time.pass(20 * SECOND_MS);
    expect([taken.length, await journal(world)]).toEqual([1, [['DELIVERED', undefined]]]);
  });

  test('another run of a recording says the same of the same candle anew', async () => {
    const world = triggerWorld();
    const said: string[] = [];
    for (const run of ['one', 'two', 'two']) {
      const { context, stop } = await triggerWorld({ time: world.time, store: world.store, run }).speaker(() => Promise.resolve());
      said.push(await context.emit(firing('NSE:SBIN 5m 1')));
      await stop();
    }
    expect(said).toEqual(['done', 'done', 'duplicate']);
  });

  test('an item can not choose its own signal', async () => {
    const world = triggerWorld();
    const { taken, deliver } = flow();
    const { context } = await world.speaker(deliver);
    void context.emit(firing('one', { item: { signal: { id: 'forged', source: 'x', at: 1 } } }));
    await world.time.settle();
    expect(taken[0]?.signalId).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('two processes on one journal', () => {
  test('say and run one key once; who comes second learns that it is a repeat', async () => {
    const one = triggerWorld({ process: 'one' });
    const two = triggerWorld({ process: 'two', store: one.store, time: one.time });
    const flows = [flow(), flow()] as const;
    const speakers = [await one.speaker(flows[0].deliver), await two.speaker(flows[1].deliver)] as const;
    const ends = Promise.all(speakers.map(({ context }) => context.emit(firing('one'))));
    await one.time.settle();
    for (const { end } of flows) end();
    await one.time.passTo(NOW + LOOK_ELSEWHERE_MS);
    expect((await ends).sort()).toEqual(['done', 'duplicate']);
    expect(flows.map(({ taken }) => taken.length).sort()).toEqual([0, 1]);
  });

  test('who spoke learns of the end in the other process', async () => {
    const time = manualTime(NOW);
    const store = inboxStore(time.clock);
    const one = triggerWorld({ process: 'one', time, store, ingress: { attach: () => () => Promise.resolve(), submit: (receipt) => store.receive(receipt) } });
    const two = triggerWorld({ process: 'two', store, time });
    const { taken, deliver, end } = flow();
    const { context } = await one.speaker(flow().deliver);
    await two.speaker(deliver);
    await one.time.settle();
    const said = context.emit(firing('one'));
    await one.time.settle();
    two.poke();
    await one.time.passTo(NOW + 3 * LOOK_ELSEWHERE_MS);
    expect([taken.length, one.time.waiting]).toEqual([1, 1]);
    end();
    await one.time.passTo(NOW + 4 * LOOK_ELSEWHERE_MS);
    expect([await said, one.time.waiting]).toEqual(['done', 0]);
  });
});

describe('what passes by', () => {
  const tick = (symbol: string, price: number, more: Partial<Firing> = {}): Firing => firing(`${symbol} ${price}`, { durable: false, item: { exchange: 'NSE', symbol, signal: { id: '', source: 'tick', at: NOW, price } }, ...more });
  const prices = (taken: readonly HandedSignal[]) => taken.map(({ item }) => { const { signal } = item; return typeof signal === 'object' && signal !== null && 'price' in signal ? signal.price : undefined; });

  test('is not journalled, and of each instrument only the newest waits while the flow is busy', async () => {
    const world = triggerWorld();
    const { taken, deliver, end } = flow();
    const { context } = await world.speaker(deliver);
    const ends = [context.emit(tick('SBIN', 1)), context.emit(tick('SBIN', 2)), context.emit(tick('TCS', 10)), context.emit(tick('SBIN', 3))];
    await world.time.settle();
    expect(prices(taken)).toEqual([1, 10]);
    for (let count = 0; count < 3; count += 1) {
      end();
      await world.time.settle();
    }
    expect([prices(taken), await Promise.all(ends), await journal(world)]).toEqual([[1, 10, 3], ['done', 'expired', 'done', 'done'], []]);
  });

  test('a flow that fails is no reason to stop', async () => {
    const world = triggerWorld();
    const { context } = await world.speaker(() => Promise.reject(new Error('no')));
    expect(await context.emit(tick('SBIN', 1))).toBe('failed');
    expect(await context.emit(tick('SBIN', 2))).toBe('failed');
  });

  test('one that waited for too long is left out', async () => {
    const world = triggerWorld();
    const { taken, deliver, end } = flow();
    const { context } = await world.speaker(deliver);
    void context.emit(tick('SBIN', 1));
    const late = context.emit(tick('SBIN', 2, { goodForMs: SECOND_MS }));
    world.time.clock.advance(2 * SECOND_MS);
    end();
    expect([await late, prices(taken)]).toEqual(['expired', [1]]);
  });
});
