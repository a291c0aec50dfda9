import { NOW } from '../../../tests/doubles/ingressWorld';
import { bindingOf, triggerWorld, valueOf, type TriggerWorld } from '../../../tests/doubles/triggerWorld';
import { ok } from '../../domain/denial';
import { MINUTE_MS } from '../../domain/time';
import type { Firing, TriggerContext } from '../../domain/trigger';

const FIRING: Firing = { key: 'one', happenedAt: NOW, item: { symbol: 'SBIN' } };
const journal = async ({ store }: TriggerWorld, nodeKey = 'watch') => (await store.signals({ nodeKey })).map(({ status, reason }) => [status, reason]);

const patience = { patienceMs: MINUTE_MS };

test('an editor’s test gets at once what the source can give, a new signal every time, under a key of its own', async () => {
  const world = triggerWorld();
  const binding = bindingOf(() => { throw new Error('not started'); }, { tryOut: (_params, { now }) => ok({ symbol: 'SBIN', signal: { id: '', source: 'watch', at: now() } }) });
  const first = valueOf(await world.triggers.tryOut(binding, patience));
  const second = valueOf(await world.triggers.tryOut(binding, patience));
  expect(first.signalId).not.toBe(second.signalId);
  expect(first.item).toMatchObject({ symbol: 'SBIN', signal: { id: first.signalId } });
  expect([await journal(world), await journal(world, 'watch#test')]).toEqual([[], [['DONE', 'Handed to the editor’s test.'], ['DONE', 'Handed to the editor’s test.']]]);
});

test('it waits for the first that comes otherwise, and then watches no more', async () => {
  let said: TriggerContext['emit'] | undefined;
  const world = triggerWorld();
  const waiting = world.triggers.tryOut(bindingOf((context) => { said = (each) => context.emit(each); return ok(undefined); }), patience);
  await said?.(FIRING);
  expect(valueOf(await waiting).item).toMatchObject({ symbol: 'SBIN' });
});

test('a source with a sample gives the real thing where it comes soon, else the sample, new every time', async () => {
  const world = triggerWorld();
  const sample = { sample: () => ok({ symbol: 'SAMPLE' }) };
  let said: ((firing: Firing) => Promise<unknown>) | undefined;
  const soon = world.triggers.tryOut(bindingOf((context) => { said = (each) => context.emit(each); return ok(undefined); }, sample), patience);
  await said?.(FIRING);
  expect(valueOf(await soon).item).toMatchObject({ symbol: 'SBIN' });
  const ids: string[] = [];
  for (const seconds of [10, 20]) {
    const waiting = world.triggers.tryOut(bindingOf(() => ok(undefined), sample), patience);
    await world.time.passTo(NOW + seconds * 1_000);
    const { item, signalId } = valueOf(await waiting);
    expect(item).toMatchObject({ symbol: 'SAMPLE', signal: { id: signalId } });
    ids.push(signalId);
  }
  expect(new Set(ids).size).toBe(2);
});

test('it has an end: patience', async () => {
  const world = triggerWorld();
  const waiting = world.triggers.tryOut(bindingOf(() => ok(undefined)), patience);
  await world.time.passTo(NOW + MINUTE_MS);
  expect(await waiting).toMatchObject({ ok: false, denial: { code: 'NOT_READY', message: 'Nothing happened within 60 seconds.' } });
});

test('it has an end: the person’s', async () => {
  const cancelled = new AbortController();
  const waiting = triggerWorld().triggers.tryOut(bindingOf(() => ok(undefined)), { ...patience, cancelled: cancelled.signal });
  cancelled.abort();
  expect(await waiting).toMatchObject({ ok: false, denial: { message: 'The test was cancelled.' } });
});
