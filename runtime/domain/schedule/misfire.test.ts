import fc from 'fast-check';
import { createTradingCalendar, indiaTime } from '../session';
import { MINUTE_MS, type EpochMs } from '../time';
import { catchUpEnds, judgeMisfire, judgeWake, type CatchUp, type Misfire, type Verdict } from './misfire';
import { nextAfter } from './nextAfter';
import { Schedule } from './schedule';

const calendar = createTradingCalendar();
const at = (text: string): EpochMs => indiaTime(text.slice(0, 10), text.slice(11));
const squareOff = Schedule.parse({ exchange: 'NFO', rule: { kind: 'times', times: ['15:10'] } });
const scan = Schedule.parse({ exchange: 'NFO', rule: { kind: 'every', minutes: 5 } });
const late = (schedule: Schedule, planned: string, now: string, catchUp: CatchUp, coalesce = true): Verdict =>
  judgeWake(schedule, calendar, { planned: at(planned), now: at(now), graceMs: 30_000, catchUp, coalesce });

const MOMENT: Misfire = { planned: 1_000, now: 1_000, graceMs: 100, catchUp: 'skip', catchUpUntil: 5_000, following: 2_000 };
const LAST_MOMENT: Misfire = { planned: 1_000, now: 1_000, graceMs: 100, catchUp: 'once', catchUpUntil: 5_000 };

test.each<[string, Misfire, Partial<Verdict>]>([
  ['in time', MOMENT, { kind: 'fire', lateMs: 0, caughtUp: false, exitsOnly: false }],
  ['at the end of the grace', { ...MOMENT, now: 1_100 }, { kind: 'fire', lateMs: 100, caughtUp: false }],
  ['late, entries', { ...MOMENT, now: 1_101 }, { kind: 'skip', why: 'late', lateMs: 101 }],
  ['late, once', { ...MOMENT, now: 1_101, catchUp: 'once' }, { kind: 'fire', caughtUp: true, exitsOnly: false }],
  ['late, exits', { ...MOMENT, now: 1_101, catchUp: 'exits' }, { kind: 'fire', caughtUp: true, exitsOnly: true }],
  ['a newer one is due', { ...MOMENT, now: 2_000, catchUp: 'once' }, { kind: 'skip', why: 'coalesced' }],
  ['a newer one is due, but each is wanted', { ...MOMENT, now: 2_000, catchUp: 'once', coalesce: false }, { kind: 'fire', caughtUp: true }],
  ['the last one of all', { ...LAST_MOMENT, now: 4_999 }, { kind: 'fire', caughtUp: true }],
  ['after its session', { ...LAST_MOMENT, now: 5_000 }, { kind: 'skip', why: 'sessionOver' }],
  ['a clock that was put back', { ...MOMENT, now: 999 }, { kind: 'wait' }],
])('%s', (_, given, expected) => {
  expect(judgeMisfire(given)).toMatchObject(expected);
});

describe('fault 47: a scheduler slept through 15:10', () => {
  test('exits catch up at once, entries do not', () => {
    expect(late(squareOff, '2026-11-20 15:10', '2026-11-20 15:14', 'exits')).toEqual({ kind: 'fire', lateMs: 4 * MINUTE_MS, caughtUp: true, exitsOnly: true });
    expect(late(squareOff, '2026-11-20 15:10', '2026-11-20 15:14', 'skip')).toEqual({ kind: 'skip', lateMs: 4 * MINUTE_MS, why: 'late' });
  });

  test('after the close it is too late, and the next morning it is not done either', () => {
    expect(late(squareOff, '2026-11-20 15:10', '2026-11-20 15:39', 'exits')).toMatchObject({ kind: 'fire' });
    expect(late(squareOff, '2026-11-20 15:10', '2026-11-20 15:40', 'exits')).toMatchObject({ kind: 'skip', why: 'sessionOver' });
    expect(late(squareOff, '2026-11-20 15:10', '2026-11-23 09:15', 'exits')).toMatchObject({ kind: 'skip', why: 'sessionOver' });
  });

  test('of an hour of missed moments the newest alone is caught up', () => {
    const now = at('2026-11-20 15:12');
    const verdicts: string[] = [];
    for (let planned = nextAfter(scan, calendar, at('2026-11-20 14:10')); planned !== undefined && planned <= now; planned = nextAfter(scan, calendar, planned)) {
      const verdict = judgeWake(scan, calendar, { planned, now, graceMs: 30_000, catchUp: 'exits' });
      verdicts.push(verdict.kind === 'skip' ? verdict.why : verdict.kind);
    }
    expect(verdicts).toEqual([...Array.from({ length: 11 }, () => 'coalesced'), 'fire']);
  });
});

test('catching up ends with the day\'s last session; for a moment behind it with the day', () => {
  expect(catchUpEnds(squareOff, calendar, at('2026-11-20 15:10'))).toBe(at('2026-11-20 15:40'));
  expect(catchUpEnds(scan, calendar, at('2021-02-24 10:00'))).toBe(at('2021-02-24 17:00'));
  const report = Schedule.parse({ exchange: 'NFO', scope: 'tradingDays', rule: { kind: 'times', times: ['16:00'] } });
  expect(catchUpEnds(report, calendar, at('2026-11-20 16:00'))).toBe(at('2026-11-21 00:00'));
});

test('fault 44: whatever the clock does, each planned moment fires at most once and entries never late', () => {
  const steps = fc.array(fc.integer({ min: -40, max: 60 }), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(steps, fc.constantFrom<CatchUp>('skip', 'once', 'exits'), (minutes, catchUp) => {
    let now = at('2026-11-20 11:00');
    let handled = now;
    const fired: EpochMs[] = [];
    for (const step of minutes) {
      now += step * MINUTE_MS;
      for (let planned = nextAfter(scan, calendar, handled); planned !== undefined && planned <= now; planned = nextAfter(scan, calendar, handled)) {
        const verdict = judgeWake(scan, calendar, { planned, now, graceMs: 30_000, catchUp });
        if (verdict.kind === 'fire') {
          fired.push(planned);
          if (catchUp === 'skip') expect(now - planned).toBeLessThanOrEqual(30_000);
        }
        handled = planned;
      }
    }
    expect(new Set(fired).size).toBe(fired.length);
    expect(fired).toEqual([...fired].sort((one, other) => one - other));
  }));
});
