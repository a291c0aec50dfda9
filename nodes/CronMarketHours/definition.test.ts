import { createTradingCalendar, indiaTime } from '../../runtime/domain/session';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../runtime/domain/time';
import type { Firing, TriggerContext } from '../../runtime/domain/trigger';
import { readParameters } from '../../runtime/hosts/parameters';
import { cronMarketHours } from './definition';
import type { CronParams } from './parameters';
import { meaningOfForm } from './words';

/** A Friday before a regular weekend. */
const DAY = '2026-11-20';
const at = (time: string, date = DAY): EpochMs => indiaTime(date, time);

interface Started {
  readonly fired: Firing[];
  readonly statuses: string[];
  /** The flow of the oldest firing that is at work ends. */
  readonly endFlow: () => Promise<void>;
  /** The schedule wakes at its first planned time after `after`, at `now`. */
  readonly wake: (after: EpochMs, now?: EpochMs) => Promise<void>;
  readonly next: (after: EpochMs) => EpochMs | undefined;
}

function paramsOf(values: Readonly<Record<string, unknown>>): CronParams {
  const params = readParameters(cronMarketHours.params, values, { numbersAsText: false });
  if (!params.ok) throw new Error(params.denial.message);
  return params.value;
}

function world(now: EpochMs): { readonly context: TriggerContext; readonly started: Started } {
  let clock = now;
  const fired: Firing[] = [];
  const statuses: string[] = [];
  const flows: (() => void)[] = [];
  let schedule: Parameters<TriggerContext['onSchedule']> = [() => undefined, () => undefined];
  const unused = (): never => { throw new Error('A schedule uses no ticks.'); };
  const context: TriggerContext = {
    identity: { strategyId: 's', nodeKey: 'cron' }, now: () => clock, calendar: createTradingCalendar(), resolve: unused, onTick: unused, candles: { watch: unused }, series: { watch: unused }, onEvents: unused,
    onSchedule: (...given) => { schedule = given; },
    emit: (firing) => { fired.push(firing); return new Promise((resolve) => flows.push(() => resolve('done'))); },
    status: (text) => { statuses.push(text); },
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const started: Started = {
    fired, statuses,
    endFlow: () => { flows.shift()?.(); return settle(); },
    next: (after) => schedule[0](after),
    async wake(after, later) {
      const planned = schedule[0](after);
      if (planned === undefined) throw new Error('Nothing is planned.');
      clock = later ?? planned;
      await schedule[1](planned, clock);
    },
  };
  return { context, started };
}

function start(values: Readonly<Record<string, unknown>> = {}, now = at('09:00')): Started {
  const { context, started } = world(now);
  const outcome = cronMarketHours.start(paramsOf(values), context);
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return started;
}

test.each<[string, Readonly<Record<string, unknown>>, EpochMs, EpochMs]>([
  ['every five minutes from the open, two seconds late for the candle', {}, at('09:16'), at('09:20') + 2 * SECOND_MS],
  ['half hours that begin with the session, not with the hour', { minutes: 30, delaySeconds: 0 }, at('09:31'), at('09:45')],
  ['times of day', { fires: 'times', times: '15:10, 9:20' }, at('09:30'), at('15:10')],
  ['the next trading day after the last time', { fires: 'times', times: '09:20' }, at('09:30'), at('09:20', '2026-11-23')],
  ['a holiday left out', { fires: 'times', times: '09:20' }, at('09:30', '2026-11-23'), at('09:20', '2026-11-25')],
  ['a holiday that counts', { fires: 'times', times: '20:00', scope: 'everyDay' }, at('21:00', '2026-11-23'), at('20:00', '2026-11-24')],
  ['minutes after the open', { fires: 'afterOpen', minutesAfterOpen: 10 }, at('09:00'), at('09:25')],
  ['minutes before the close of all shares', { fires: 'beforeClose', minutesBeforeClose: 5 }, at('09:00'), at('15:10')],
  ['minutes before the close of shares without derivatives', { fires: 'beforeClose', minutesBeforeClose: 5, shares: 'cash' }, at('09:00'), at('15:25')],
  ['the derivatives’ own close', { exchange: 'NFO', fires: 'beforeClose', minutesBeforeClose: 5 }, at('09:00'), at('15:35')],
  ['a commodity’s evening', { exchange: 'MCX', fires: 'beforeClose', minutesBeforeClose: 5 }, at('09:00'), at('23:50')],
  ['chosen days', { fires: 'times', times: '10:00', days: ['wed'] }, at('09:00'), at('10:00', '2026-11-25')],
  ['a cron expression within the session', { fires: 'cron', cron: '0 * * * *' }, at('09:00'), at('10:00')],
])('%s', (_name, values, after, expected) => {
  expect(start(values).next(after)).toBe(expected);
});

test('a firing is one signal of its planned time, with the session around it', async () => {
  const { wake, fired } = start({ signalName: 'check' });
  await wake(at('09:16'), at('09:20') + 5 * SECOND_MS);
  const planned = at('09:20') + 2 * SECOND_MS;
  expect(fired).toEqual([{
    key: `schedule ${planned}`, happenedAt: planned, goodForMs: MINUTE_MS,
    item: {
      v: 1, signal: { id: 'schedule', source: 'schedule', at: planned, name: 'check' },
      schedule: {
        planned, lateMs: 3 * SECOND_MS, drives: 'entries', caughtUp: false, exitsOnly: false, next: at('09:25') + 2 * SECOND_MS,
        session: { date: DAY, open: at('09:15'), close: at('15:15'), kind: 'regular', minutesToClose: 354 },
      },
    },
  }]);
});

describe('a time that was slept through', () => {
  const squareOff = { fires: 'times', times: '15:10' };
  test.each<[string, Readonly<Record<string, unknown>>, EpochMs, object | undefined]>([
    ['entries in time within the grace', {}, at('15:10') + 60 * SECOND_MS, { caughtUp: false, exitsOnly: false }],
    ['entries left out after the grace', {}, at('15:10') + 61 * SECOND_MS, undefined],
    ['exits caught up at once', { drives: 'exits' }, at('15:14'), { caughtUp: true, exitsOnly: true, lateMs: 4 * MINUTE_MS }],
    ['exits left out after the close', { drives: 'exits' }, at('15:15'), undefined],
    ['reports caught up', { drives: 'reports' }, at('15:14'), { caughtUp: true, exitsOnly: false }],
  ])('%s', async (_name, values, now, expected) => {
    const { wake, fired } = start({ ...squareOff, ...values });
    await wake(at('09:30'), now);
    expect(fired.map(({ item }) => item['schedule'])).toEqual(expected === undefined ? [] : [expect.objectContaining(expected)]);
  });

  test('of several that are due the newest alone fires, unless each is to', async () => {
    for (const [coalesce, expected] of [[true, ['09:30']], [false, ['09:20', '09:25', '09:30']]] as const) {
      const { wake, fired } = start({ delaySeconds: 0, graceSeconds: 3_600, maxInstances: 5, coalesce });
      for (const after of ['09:16', '09:20', '09:25']) await wake(at(after), at('09:31'));
      expect(fired.map(({ happenedAt }) => happenedAt)).toEqual(expected.map((time) => at(time)));
    }
  });

  test('is told beside what comes next', async () => {
    const { wake, statuses } = start(squareOff);
    await wake(at('09:30'), at('15:14'));
    expect(statuses).toEqual(['next 15:10', 'next Mon 23 Nov 15:10, missed 15:10']);
  });
});

describe('a flow that is still at work', () => {
  const quick = { minutes: 1, delaySeconds: 0 };
  test('keeps the next firing away', async () => {
    const { wake, fired, statuses, endFlow } = start(quick);
    await wake(at('09:16'));
    await wake(at('09:17'));
    expect([fired.length, statuses.at(-1)]).toEqual([1, 'next 09:19, busy at 09:18']);
    await endFlow();
    await wake(at('09:18'));
    expect(fired.map(({ happenedAt }) => happenedAt)).toEqual([at('09:17'), at('09:19')]);
  });

  test('may be joined by as many as the node allows', async () => {
    const { wake, fired } = start({ ...quick, maxInstances: 2 });
    for (const after of ['09:16', '09:17', '09:18']) await wake(at(after));
    expect(fired).toHaveLength(2);
  });

  test('is followed by the newest time that it kept away, where that is wanted and not too late', async () => {
    const { wake, fired, endFlow } = start({ ...quick, whenBusy: 'afterwards' });
    for (const after of ['09:16', '09:17', '09:18']) await wake(at(after));
    await endFlow();
    expect(fired.map(({ happenedAt }) => happenedAt)).toEqual([at('09:17'), at('09:19')]);
  });
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['no time', { fires: 'times', times: ' , ' }, 'Times: Write times as HH:mm'],
  ['a time that is none', { fires: 'times', times: '25:00' }, 'Times: Write times as HH:mm'],
  ['a cron expression that is none', { fires: 'cron', cron: 'often' }, 'Cron Expression: The schedule "often"'],
  ['zero minutes', { minutes: 0 }, 'Every: '],
])('%s is refused by the form’s label', (_name, values, message) => {
  const params = readParameters(cronMarketHours.params, values, { numbersAsText: false });
  expect(params).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', message: expect.stringContaining(message) as string } });
});

test('a schedule that never comes is refused when it starts', () => {
  const outcome = cronMarketHours.start(paramsOf({ fires: 'times', times: '20:00' }), world(at('09:00')).context);
  expect(outcome).toMatchObject({ ok: false, denial: { code: 'INVALID_PARAMETER', message: 'This schedule has no time ahead.' } });
});

test('what a hidden field says does not matter', () => {
  expect(start({ fires: 'every', cron: 'often', times: 'never' }).next(at('09:16'))).toBeDefined();
});

test('an editor’s test fires now', () => {
  const item = cronMarketHours.tryOut?.(paramsOf({ drives: 'exits' }), world(at('11:00')).context);
  expect(item).toMatchObject({ ok: true, value: { signal: { at: at('11:00') }, schedule: { planned: at('11:00'), lateMs: 0, caughtUp: false, drives: 'exits' } } });
});

test.each<[Readonly<Record<string, unknown>>, readonly string[]]>([
  [{}, ['Every 5 minutes from the open of NSE, 2 s later each time', 'A time that is missed by more than 60 s is left out.']],
  [{ fires: 'times', times: '9:20,15:10', days: ['mon', 'fri'], drives: 'exits' }, ['At 09:20, 15:10 in India, on Mon, Fri, while NSE is open', 'A time that is missed by more than 60 s is caught up at once, until the day’s close.']],
  [{ fires: 'beforeClose', exchange: 'MCX', minutesBeforeClose: '1' }, ['1 minute before the close of MCX', 'A time that is missed by more than 60 s is left out.']],
])('a form says what it means: %j', (values, lines) => {
  expect(meaningOfForm(values)).toEqual({ ok: true, lines });
});

test('a form that is half filled says what is wrong', () => {
  expect(meaningOfForm({ fires: 'times', times: '9' })).toMatchObject({ ok: false, denial: { message: expect.stringContaining('HH:mm') as string } });
});
