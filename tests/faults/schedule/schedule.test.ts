import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MINUTE_MS, SECOND_MS } from '../../../runtime/domain/time';
import type { Runtime } from '../../../runtime/runtime';
import { at, deploy, manualTime, passThrough, processOn, schedule, type ManualTime } from './scheduleWorld';

let home = '';
let opened: Runtime[] = [];
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'bellwether-schedule-'));
  opened = [];
});
afterEach(async () => {
  for (const runtime of opened) await runtime.close();
  rmSync(home, { recursive: true });
});

async function life(time: ManualTime): Promise<Runtime> {
  const runtime = await processOn(home, time);
  opened.push(runtime);
  return runtime;
}

async function end(runtime: Runtime): Promise<void> {
  opened = opened.filter((other) => other !== runtime);
  await runtime.close();
}

/** Time passes in no time here, flows take some: none of them is to keep another away. */
const atOnce = { delaySeconds: 0, maxInstances: 100 };
const everyFive = { ...atOnce, minutes: 5 };
const everyThirty = { ...atOnce, minutes: 30 };
const squareOff = { fires: 'times', times: '15:10' };
const ended = (runtime: Runtime, nodeKey = 'cron') => runtime.store.signals({ nodeKey, limit: 1_000 });

describe('fault 44: the clock', () => {
  test('goes back: the alarm is given, no planned time runs twice, and times follow the clock', async () => {
    const time = manualTime(at('09:16'));
    const runtime = await life(time);
    const node = await deploy(runtime, schedule(everyFive));
    await time.untilWaiting();
    await passThrough(time, node, [at('09:20'), at('09:25'), at('09:30')]);
    await time.passTo(at('09:31'));
    await time.setClock(at('09:23'));
    await time.passTo(at('09:23') + 10 * SECOND_MS);
    await node.untilStatus(/clock set back by \d+ s/);
    await time.passTo(at('09:31'));
    await passThrough(time, node, [at('09:35'), at('09:40')]);
    expect(node.times()).toEqual(['09:20', '09:25', '09:30', '09:35', '09:40']);
    expect(await ended(runtime)).toHaveLength(5);
  });

  test('jumps ahead: times within the grace run, older entries do not', async () => {
    const time = manualTime(at('09:16'));
    const node = await deploy(await life(time), schedule(everyFive));
    await time.untilWaiting();
    await time.sleepTo(at('11:00') + 30 * SECOND_MS);
    await node.untilTaken(1);
    expect(node.times()).toEqual(['11:00']);
  });
});

describe('fault 46: the calendar', () => {
  test.each<[string, string, string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['a holiday', '2026-11-24', '16:00', everyFive, []],
    ['a weekend', '2026-11-21', '16:00', everyFive, []],
    ['muhurat trading runs in its hour alone', '2025-10-21', '16:00', everyThirty, ['13:45', '14:15']],
    ['muhurat trading is left out where the node says so', '2025-10-21', '16:00', { ...everyThirty, specialSessions: false }, []],
    ['a trading Saturday', '2024-01-20', '10:20', everyThirty, ['09:15', '09:45', '10:15']],
    ['a commodity’s evening on a holiday', '2026-11-24', '23:50', { ...atOnce, exchange: 'MCX', minutes: 120 }, ['17:00', '19:00', '21:00', '23:00']],
  ])('%s', async (_name, date, until, values, expected) => {
    const time = manualTime(at('08:00', date));
    const node = await deploy(await life(time), schedule(values));
    await time.untilWaiting();
    await passThrough(time, node, expected.map((planned) => at(planned, date)));
    await time.passTo(at(until, date));
    expect(node.times()).toEqual(expected);
    // One status when it started and one each time it woke: nothing more is under way.
    expect(node.statuses).toHaveLength(expected.length + 1);
  });

  test('a year that nobody knows fires nothing and refuses to start', async () => {
    const time = manualTime(at('08:00', '2031-03-05'));
    const started = await (await life(time)).triggers.start(schedule(everyFive), () => Promise.resolve());
    expect(started).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', remedy: expect.stringContaining('calendar.json') as string } });
  });

  test('the user’s own day counts', async () => {
    const time = manualTime(at('08:00', '2026-11-08'));
    writeFileSync(path.join(home, 'calendar.json'), JSON.stringify({ openDays: [{ date: '2026-11-08', sessions: [{ from: '18:00', until: '19:00' }], reason: 'Muhurat', muhurat: true }] }));
    const node = await deploy(await life(time), schedule(everyThirty));
    await time.untilWaiting();
    await passThrough(time, node, [at('18:00', '2026-11-08'), at('18:30', '2026-11-08')]);
    expect(node.times()).toEqual(['18:00', '18:30']);
  });
});

describe('fault 47: asleep at 15:10', () => {
  test('exits are caught up at once, entries are left out', async () => {
    const time = manualTime(at('14:00'));
    const runtime = await life(time);
    const exits = await deploy(runtime, schedule({ ...squareOff, drives: 'exits' }, 'exits'));
    const entries = await deploy(runtime, schedule({ ...squareOff, drives: 'entries' }, 'entries'));
    await time.untilWaiting(2);
    await time.sleepTo(at('15:12'));
    await Promise.all([exits.untilTaken(1), entries.untilStatus(/missed 15:10/)]);
    expect(exits.taken[0]?.item).toMatchObject({ signal: { at: at('15:10') }, schedule: { caughtUp: true, exitsOnly: true, lateMs: 2 * MINUTE_MS } });
    expect([entries.taken, await ended(runtime, 'entries')]).toEqual([[], []]);
  });

  test('the same where the process was gone meanwhile, on the schedule’s very first day', async () => {
    const time = manualTime(at('14:00'));
    const first = await life(time);
    const nodes = [schedule({ ...squareOff, drives: 'exits' }, 'exits'), schedule({ ...squareOff, drives: 'entries' }, 'entries')] as const;
    for (const node of nodes) await deploy(first, node);
    await time.untilWaiting(2);
    await end(first);
    time.clock.set(at('15:12'));
    const second = await life(time);
    const [exits, entries] = [await deploy(second, nodes[0]), await deploy(second, nodes[1])];
    await Promise.all([exits.untilTaken(1), entries.untilStatus(/missed 15:10/)]);
    expect([exits.times(), entries.times()]).toEqual([['15:10'], []]);
  });

  test('after the close nothing is caught up: the day is over', async () => {
    const time = manualTime(at('14:00'));
    const exits = await deploy(await life(time), schedule({ ...squareOff, drives: 'exits' }));
    await time.untilWaiting();
    await time.sleepTo(at('15:20'));
    await exits.untilStatus(/missed 15:10/);
    expect(exits.times()).toEqual([]);
  });

  /** A process whose flow never ends is closed in the middle of its 15:10. */
  async function diedAtWork(time: ManualTime, drives: 'exits' | 'entries'): Promise<void> {
    const runtime = await life(time);
    const stuck = await runtime.triggers.start(schedule({ ...squareOff, drives }), () => new Promise(() => undefined));
    expect(stuck.ok).toBe(true);
    await time.untilWaiting();
    await time.passTo(at('15:10'));
    while ((await ended(runtime))[0]?.status !== 'DELIVERED') await time.settle();
    const closing = end(runtime);
    await time.settle();
    await time.passTo(at('15:10') + 10 * SECOND_MS);
    await closing;
  }

  test('an exit that was journalled when the process died is run by the next one', async () => {
    const time = manualTime(at('15:09'));
    await diedAtWork(time, 'exits');
    time.clock.set(at('15:13'));
    const exits = await deploy(await life(time), schedule({ ...squareOff, drives: 'exits' }));
    await exits.untilTaken(1);
    expect(exits.times()).toEqual(['15:10']);
  });

  test('an entry that was is not: it stays in the journal with the reason', async () => {
    const time = manualTime(at('15:09'));
    await diedAtWork(time, 'entries');
    time.clock.set(at('15:13'));
    const runtime = await life(time);
    const entries = await deploy(runtime, schedule({ ...squareOff, drives: 'entries' }));
    while ((await ended(runtime))[0]?.status !== 'DONE') await time.settle();
    // Whatever the delivery still writes is written when it has stopped.
    await entries.stop();
    expect(await ended(runtime)).toMatchObject([{ status: 'DONE', reason: expect.stringMatching(/^Expired: /) as string }]);
    expect(entries.taken).toEqual([]);
  });
});

describe('several processes on one state folder', () => {
  test('run each planned time once between them', async () => {
    const time = manualTime(at('09:16'));
    const nodes = [await deploy(await life(time), schedule(everyFive)), await deploy(await life(time), schedule(everyFive))] as const;
    await time.untilWaiting(2);
    for (const [index, minute] of ['09:20', '09:25', '09:30', '09:35'].entries()) {
      await time.passTo(at(minute));
      await Promise.race(nodes.map((node) => node.untilTaken(index + 1 - (nodes.find((other) => other !== node)?.taken.length ?? 0))));
      while (nodes[0].taken.length + nodes[1].taken.length <= index) await time.settle();
    }
    await time.passTo(at('09:36'));
    expect(nodes.flatMap((node) => node.times()).sort()).toEqual(['09:20', '09:25', '09:30', '09:35']);
  });

  test('one that comes after the other is gone goes on where it ended', async () => {
    const time = manualTime(at('09:16'));
    const first = await life(time);
    const before = await deploy(first, schedule(everyFive));
    await time.untilWaiting();
    await passThrough(time, before, [at('09:20')]);
    await end(first);
    time.clock.set(at('09:25') + 30 * SECOND_MS);
    const after = await deploy(await life(time), schedule(everyFive));
    await after.untilTaken(1);
    await passThrough(time, after, [at('09:30')]);
    expect([before.times(), after.times()]).toEqual([['09:20'], ['09:25', '09:30']]);
  });
});
