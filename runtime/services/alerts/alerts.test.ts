import { openSqliteStore } from '../../adapters/store';
import { manualClock, type ManualClock } from '../../adapters/system/manual';
import type { AlertChannel, Notifier, Store } from '../../domain/ports';
import { MINUTE_MS } from '../../domain/time';
import { NOW, silentLog } from '../../../tests/doubles/ingressWorld';
import { recordingNotifier, type RecordingNotifier } from '../../../tests/doubles/recordingNotifier';
import { ABANDONED_AFTER_MS, createAlerts, MAX_PER_MINUTE, MAX_QUEUED, type Alerts } from './alerts';
import { createRateWindow } from './rateWindow';

const DISCORD: AlertChannel = { kind: 'discord', url: 'https://discord.test/hook' };
const SLACK: AlertChannel = { kind: 'slack', url: 'https://slack.test/hook' };
const ORIGIN = { account: 'paper', strategyId: 'demo', nodeKey: 'alert', signalId: 's1' };

let clock: ManualClock;
let store: Store;
let notifier: RecordingNotifier;
let waits: number[];
let alerts: Alerts;

beforeEach(async () => {
  clock = manualClock(NOW);
  store = await openSqliteStore({ path: ':memory:', clock, log: silentLog });
  notifier = recordingNotifier();
  waits = [];
  alerts = open(notifier);
});
afterEach(() => store.close());

function open(through: Notifier): Alerts {
  const pause = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  return createAlerts({ store, notifier: through, clock, log: silentLog, pause });
}

const raise = (message: string, channels: readonly AlertChannel[] = [DISCORD], signalId = 's1') => alerts.raise({ ...ORIGIN, signalId }, { severity: 'info', message, channels });

async function outcomes(): Promise<Readonly<Record<string, unknown>>[]> {
  await alerts.idle();
  return (await store.alerts({ limit: 10_000 })).map(({ message, status, reason }) => ({ message, status, ...(reason === undefined ? {} : { reason }) })).reverse();
}

test('an alert is recorded before it is sent, and sent after the flow has gone on', async () => {
  const sending = Promise.withResolvers<{ ok: true }>();
  notifier.answers.push(sending.promise);
  expect(await raise('hello')).toMatchObject({ status: 'PENDING', duplicate: false });
  expect(await store.alerts()).toMatchObject([{ message: 'hello', status: 'PENDING', channels: ['discord'], signalId: 's1' }]);
  sending.resolve({ ok: true });
  expect(await outcomes()).toEqual([{ message: 'hello', status: 'SENT' }]);
});

describe('a failing channel', () => {
  test('is tried three times with growing waits, then the alert is FAILED with the last reason', async () => {
    notifier.answers.push({ ok: false, reason: 'first' }, { ok: false, reason: 'second' }, { ok: false, reason: 'third' });
    await raise('hello');
    expect(await outcomes()).toEqual([{ message: 'hello', status: 'FAILED', reason: 'discord: third' }]);
    expect(notifier.sent).toHaveLength(3);
    expect(waits).toEqual([1_000, 2_000]);
  });

  test('that recovers is SENT', async () => {
    notifier.answers.push({ ok: false, reason: 'first' });
    await raise('hello');
    expect(await outcomes()).toEqual([{ message: 'hello', status: 'SENT' }]);
  });

  test('may ask for a wait, within limits', async () => {
    notifier.answers.push({ ok: false, reason: 'slow down', retryAfterMs: 7_000 }, { ok: false, reason: 'slow down', retryAfterMs: 3_600_000 });
    await raise('hello');
    await outcomes();
    expect(waits).toEqual([7_000, 30_000]);
  });

  test('does not keep the message from the others', async () => {
    notifier.answers.push({ ok: false, reason: 'no' }, { ok: true }, { ok: false, reason: 'no' }, { ok: false, reason: 'no' });
    await raise('hello', [DISCORD, SLACK]);
    expect(await outcomes()).toEqual([{ message: 'hello', status: 'FAILED', reason: 'discord: no' }]);
    expect(notifier.sent.filter(({ channel }) => channel.kind === 'slack')).toHaveLength(1);
  });

  test('that breaks its promise not to throw fails alone as well', async () => {
    notifier.answers.push(new Error('boom'), { ok: true }, new Error('boom'), new Error('boom'));
    await raise('hello', [DISCORD, SLACK]);
    expect(await outcomes()).toEqual([{ message: 'hello', status: 'FAILED', reason: 'discord: Error: boom' }]);
    await raise('next');
    expect(await outcomes()).toContainEqual({ message: 'next', status: 'SENT' });
  });
});

describe('the same alert', () => {
  test('of the same signal is sent once, at once or later', async () => {
    const both = await Promise.all([raise('hello'), raise('hello')]);
    expect(both.map(({ duplicate }) => duplicate).sort()).toEqual([false, true]);
    await alerts.idle();
    expect(await raise('hello')).toMatchObject({ status: 'SENT', duplicate: true });
    expect(notifier.sent).toHaveLength(1);
  });

  test('is sent after a restart when it was left PENDING', async () => {
    alerts = open({ send: () => new Promise(() => undefined) });
    await raise('hello');
    alerts = open(notifier);
    expect(await raise('hello')).toMatchObject({ status: 'PENDING', duplicate: true });
    expect(await outcomes()).toEqual([{ message: 'hello', status: 'SENT' }]);
    expect(notifier.sent).toHaveLength(1);
  });

  test.each([['signal', { signalId: 's2' }], ['node', { nodeKey: 'other' }], ['strategy', { strategyId: 'other' }], ['account', { account: 'other' }]])('of another %s is another', async (_name, changes) => {
    await raise('hello');
    await alerts.raise({ ...ORIGIN, ...changes }, { severity: 'info', message: 'hello', channels: [DISCORD] });
    await alerts.idle();
    expect(notifier.sent).toHaveLength(2);
  });
});

describe('limits', () => {
  test(`more than ${MAX_PER_MINUTE} a minute are SUPPRESSED, per channel, until the minute is over`, async () => {
    for (let index = 0; index <= MAX_PER_MINUTE; index += 1) await raise(`m${index}`);
    await raise('elsewhere', [SLACK]);
    const told = await outcomes();
    expect(told.filter(({ status }) => status === 'SENT')).toHaveLength(MAX_PER_MINUTE + 1);
    expect(told[MAX_PER_MINUTE]).toMatchObject({ message: `m${MAX_PER_MINUTE}`, status: 'SUPPRESSED', reason: expect.stringContaining('discord') as string });
    clock.advance(MINUTE_MS - 1);
    await raise('too early');
    clock.advance(1);
    await raise('again');
    const later = await outcomes();
    expect(later).toContainEqual(expect.objectContaining({ message: 'too early', status: 'SUPPRESSED' }));
    expect(later).toContainEqual({ message: 'again', status: 'SENT' });
  });

  test(`at most ${MAX_QUEUED} wait; one more is FAILED at once, and the flow goes on`, async () => {
    const hanging = Promise.withResolvers<{ ok: true }>();
    alerts = open({ send: () => hanging.promise });
    const manyChannels = (index: number): readonly AlertChannel[] => [{ kind: 'webhook', url: `https://hook.test/${index}` }];
    await Promise.all(Array.from({ length: MAX_QUEUED }, (_, index) => raise(`m${index}`, manyChannels(index))));
    expect(await raise('one more', manyChannels(MAX_QUEUED))).toMatchObject({ status: 'FAILED', duplicate: false });
    hanging.resolve({ ok: true });
    const told = await outcomes();
    expect(told.filter(({ status }) => status === 'SENT')).toHaveLength(MAX_QUEUED);
    expect(told.at(-1)).toMatchObject({ message: 'one more', status: 'FAILED', reason: expect.stringContaining('Too many') as string });
    expect(await raise('now')).toMatchObject({ status: 'PENDING' });
  });

  test('a journal that fails to note the end stops nothing', async () => {
    jest.spyOn(store, 'finishAlert').mockRejectedValueOnce(new Error('disk full'));
    await raise('hello');
    await alerts.idle();
    await raise('next');
    expect(await outcomes()).toContainEqual({ message: 'next', status: 'SENT' });
  });
});

test('a rate window counts the last stretch of time only, and refusals do not count', () => {
  const window = createRateWindow({ limit: 2, windowMs: 100 });
  expect([0, 50, 60, 99].map((now) => window.take(now))).toEqual([true, true, false, false]);
  expect([100, 149, 150, 151].map((now) => window.take(now))).toEqual([true, false, true, false]);
});

describe('an alert whose process ended before it was sent', () => {
  const crash = async (): Promise<void> => {
    notifier.answers.push(new Promise(() => undefined));
    await raise('hello');
    alerts = open(notifier);
  };

  test('is sent by the flow that comes back with it', async () => {
    await crash();
    expect(await raise('hello')).toMatchObject({ status: 'PENDING', duplicate: true });
    expect(await outcomes()).toEqual([{ message: 'hello', status: 'SENT' }]);
  });

  test('is FAILED, for people to see, when no flow has come back for long', async () => {
    await crash();
    clock.advance(ABANDONED_AFTER_MS - 1);
    await alerts.endAbandoned();
    expect(await store.alerts()).toMatchObject([{ status: 'PENDING' }]);
    clock.advance(1);
    await alerts.endAbandoned();
    expect(await outcomes()).toEqual([{ message: 'hello', status: 'FAILED', reason: 'The process ended before it was sent.' }]);
  });

  test('is another one than an alert that is being sent', async () => {
    const sending = Promise.withResolvers<{ ok: true }>();
    notifier.answers.push(sending.promise);
    await raise('hello');
    clock.advance(ABANDONED_AFTER_MS);
    await alerts.endAbandoned();
    sending.resolve({ ok: true });
    expect(await outcomes()).toEqual([{ message: 'hello', status: 'SENT' }]);
  });
});

test('a clock that steps back does not silence a channel', () => {
  const window = createRateWindow({ limit: 1, windowMs: MINUTE_MS });
  expect(window.take(NOW)).toBe(true);
  expect(window.take(NOW)).toBe(false);
  expect(window.take(NOW - 60 * MINUTE_MS)).toBe(true);
});
