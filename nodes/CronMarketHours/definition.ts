import { deny, ok } from '../../runtime/domain/denial';
import { nextAfter } from '../../runtime/domain/schedule';
import { defineSourceTrigger } from '../../runtime/hosts/definition';
import { itemOf, startClockwork } from './clockwork';
import { CronParams } from './parameters';
import { scheduleOf } from './scheduleOf';
import { meaningOfForm } from './words';

/** A schedule inside an exchange's real sessions and holidays. */
export const cronMarketHours = defineSourceTrigger({
  type: 'cronMarketHours',
  title: 'Cron Market Hours',
  description: 'Starts the flow at planned times of an exchange’s trading days',
  version: 1,
  outputs: [{ port: 'signal', label: 'Signal' }],
  connections: [],
  subtitleParams: ['exchange', 'fires'],
  meaning: { params: ['exchange', 'fires', 'minutes', 'delaySeconds', 'times', 'minutesAfterOpen', 'minutesBeforeClose', 'cron', 'scope', 'drives', 'days', 'graceSeconds'], of: meaningOfForm },
  params: CronParams,
  start(params, context) {
    const schedule = scheduleOf(params);
    if (!schedule.ok) return schedule;
    if (nextAfter(schedule.value, context.calendar, context.now()) === undefined) {
      return deny('INVALID_PARAMETER', 'This schedule has no time ahead.', { field: 'fires', remedy: 'Compare times, days and exchange: times outside the session never come. If the calendar has ended, add the year to calendar.json.' });
    }
    startClockwork(schedule.value, params, context);
    return ok(undefined);
  },
  tryOut(params, context) {
    const schedule = scheduleOf(params);
    if (!schedule.ok) return schedule;
    const now = context.now();
    return ok(itemOf(schedule.value, params, context.calendar, { planned: now, now, lateMs: 0, caughtUp: false, exitsOnly: false }));
  },
});
