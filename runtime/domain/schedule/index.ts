export { readCron, type Cron } from './cron';
export { catchUpEnds, judgeMisfire, judgeWake, type CatchUp, type Misfire, type Verdict, type Wake } from './misfire';
export { HORIZON_DAYS, marketOfSchedule, nextAfter } from './nextAfter';
export { Schedule, ScheduleRule, ScheduleScope, type ScheduleInput } from './schedule';
