import type { Envelope } from '../../runtime/domain/envelope';
import { catchUpEnds, judgeWake, marketOfSchedule, nextAfter, type Schedule } from '../../runtime/domain/schedule';
import type { TriggerContext, TryOutContext } from '../../runtime/domain/trigger';
import { SECOND_MS, type EpochMs } from '../../runtime/domain/time';
import type { CronParams } from './parameters';
import { CATCH_UP } from './scheduleOf';
import { momentText } from './words';

/** A firing that is handed over later than this after its planned time is no entry any more, however small the grace. */
const LEAST_GOOD_FOR_MS = 30 * SECOND_MS;

/** Why and how late a planned time is acted on. */
interface Judged {
  readonly planned: EpochMs;
  readonly now: EpochMs;
  readonly lateMs: number;
  readonly caughtUp: boolean;
  readonly exitsOnly: boolean;
}

/** Runs a schedule within a trigger: judges every planned time, keeps to the maximum of runs at work, says what comes next. */
export function startClockwork(schedule: Schedule, params: CronParams, context: TriggerContext): void {
  const { calendar } = context;
  let atWork = 0;
  /** The newest time that came while too many runs were at work. */
  let held: EpochMs | undefined;
  let passedOver = '';

  function wake(planned: EpochMs, now: EpochMs): void {
    const verdict = judgeWake(schedule, calendar, { planned, now, graceMs: params.graceSeconds * SECOND_MS, catchUp: CATCH_UP[params.drives], coalesce: params.coalesce });
    if (verdict.kind === 'fire') fire({ ...verdict, planned, now });
    else if (verdict.kind === 'skip') passedOver = `, missed ${momentText(planned, now)}`;
    say(planned, now);
  }

  function fire(judged: Judged): void {
    const { planned, now } = judged;
    if (atWork >= params.maxInstances) {
      if (params.whenBusy === 'afterwards') held = planned;
      passedOver = `, busy at ${momentText(planned, now)}`;
      return;
    }
    atWork += 1;
    passedOver = '';
    const goodForMs = params.drives === 'entries' ? Math.max(params.graceSeconds * SECOND_MS, LEAST_GOOD_FOR_MS) : catchUpEnds(schedule, calendar, planned) - planned;
    void context.emit({ key: `schedule ${planned}`, happenedAt: planned, goodForMs, item: itemOf(schedule, params, calendar, judged) }).then(() => {
      atWork -= 1;
      const next = held;
      held = undefined;
      // Judged anew: by now it may be too late for it.
      if (next !== undefined) wake(next, context.now());
    });
  }

  function say(after: EpochMs, now: EpochMs): void {
    const next = nextAfter(schedule, calendar, Math.max(after, now));
    context.status((next === undefined ? 'nothing planned: the calendar ends' : `next ${momentText(next, now)}`) + passedOver);
  }

  say(context.now(), context.now());
  context.onSchedule((after) => nextAfter(schedule, calendar, after), wake);
}

/** The item of one planned time. */
export function itemOf(schedule: Schedule, { drives, signalName }: CronParams, calendar: TryOutContext['calendar'], { planned, now, lateMs, caughtUp, exitsOnly }: Judged): Envelope {
  const session = calendar.sessionAt(marketOfSchedule(schedule), planned);
  const next = nextAfter(schedule, calendar, Math.max(planned, now));
  return {
    v: 1,
    signal: { id: 'schedule', source: 'schedule', at: planned, ...(signalName === undefined ? {} : { name: signalName }) },
    schedule: {
      planned, lateMs, drives, caughtUp, exitsOnly, next: next ?? null,
      session: session === undefined ? null : { date: session.date, open: session.from, close: session.until, kind: session.kind, minutesToClose: Math.floor((session.until - planned) / (60 * SECOND_MS)) },
    },
  };
}
