import { NOW } from '../../../tests/doubles/ingressWorld';
import { bindingOf, triggerWorld, valueOf } from '../../../tests/doubles/triggerWorld';
import { deny, ok, type Outcome } from '../../domain/denial';
import { instrumentKey } from '../../domain/market';
import type { Firing } from '../../domain/trigger';

const late = (durable: boolean): Firing => ({ key: 'late', happenedAt: NOW, item: { symbol: 'SBIN' }, durable });

const sbin = { key: instrumentKey('NSE', 'SBIN'), exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 } as const;

function watching() {
  const live = new Set<string>();
  const until = (name: string) => () => { live.add(name); return () => { live.delete(name); }; };
  const world = triggerWorld({ feed: { tap: until('ticks') }, candles: { watch: until('candles'), closed: () => Promise.resolve(ok([])) }, series: { watch: until('series'), at: () => Promise.resolve(deny('NOT_READY', 'No candle yet.')) } });
  const start = (outcome: Outcome<void>) => world.triggers.start(bindingOf((context) => {
    context.onTick(sbin, () => undefined);
    context.candles.watch({ instrument: sbin, timeframe: '5m' }, () => undefined);
    context.series.watch({ instrument: sbin, timeframe: '5m', lookups: [], convention: 'talib' }, () => undefined);
    return outcome;
  }), () => Promise.resolve());
  return { world, live, start };
}

test('the end of a trigger ends everything that it started', async () => {
  const { live, start } = watching();
  const stop = valueOf(await start(ok(undefined)));
  expect([...live].sort()).toEqual(['candles', 'series', 'ticks']);
  await stop();
  expect([...live]).toEqual([]);
});

test('a source that is refused leaves nothing running', async () => {
  const { live, start } = watching();
  expect(await start(deny('UNKNOWN_SYMBOL', 'No such symbol.'))).toMatchObject({ ok: false, denial: { code: 'UNKNOWN_SYMBOL' } });
  expect([...live]).toEqual([]);
});

test('the runtime’s own end is the end of every trigger', async () => {
  const { world, live, start } = watching();
  await start(ok(undefined));
  await world.triggers.close();
  expect([...live]).toEqual([]);
});

test('nothing is said after its end', async () => {
  const world = triggerWorld();
  const statuses: string[] = [];
  const { context, stop } = await world.speaker(() => Promise.resolve(), { onStatus: (text) => statuses.push(text) });
  context.status('watching');
  await stop();
  context.status('late');
  expect([await context.emit(late(true)), await context.emit(late(false)), statuses, await world.store.signals()]).toEqual(['failed', 'failed', ['watching'], []]);
});

test('ticks without a tick source are refused by name', async () => {
  const outcome = await triggerWorld().triggers.start(bindingOf((context) => { context.onTick(sbin, () => undefined); return ok(undefined); }), () => Promise.resolve());
  expect(outcome).toMatchObject({ ok: false, denial: { code: 'NOT_SUPPORTED', message: 'This runtime has no source of ticks.' } });
});
