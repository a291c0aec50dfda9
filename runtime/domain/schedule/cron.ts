import { CronExpressionParser } from 'cron-parser';
import { deny, ok, type Outcome } from '../denial';
import { INDIA_ZONE, type EpochMs } from '../time';

/** The moments of a cron expression in India's time. */
export interface Cron {
  /** The first moment after `after`; there always is one. */
  next(after: EpochMs): EpochMs;
}

const REMEDY = 'Write five fields, minute hour day month weekday, e.g. */5 9-15 * * 1-5.';
/** The parser's wildcard that stands for a number it draws by lot. */
const DRAWN_BY_LOT = /\bH\b/i;

/**
 * Reads five fields, or six with one fixed second in front: nothing fires more than once a minute.
 * Denies INVALID_PARAMETER for anything else, also for a day that never comes (31 February).
 */
export function readCron(text: string): Outcome<Cron> {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) return refused(text, `has ${fields.length} field${fields.length === 1 ? '' : 's'}`);
  if (DRAWN_BY_LOT.test(text)) return refused(text, 'leaves a field to chance (H)');
  if (fields.length === 6 && !/^\d{1,2}$/.test(fields[0] ?? '')) return refused(text, 'needs one fixed second in the first of six fields');
  try {
    const expression = CronExpressionParser.parse(fields.join(' '), { tz: INDIA_ZONE, currentDate: 0 });
    const next = (after: EpochMs): EpochMs => {
      expression.reset(new Date(after));
      return expression.next().getTime();
    };
    // Throws for a day that never comes.
    next(0);
    return ok({ next });
  } catch (error) {
    return refused(text, error instanceof Error ? error.message : String(error));
  }
}

function refused(text: string, why: string): ReturnType<typeof deny> {
  return deny('INVALID_PARAMETER', `The schedule "${text}" ${/^[a-z]/.test(why) ? why : `can not be read: ${why}`}. ${REMEDY}`, { field: 'expression', value: text, remedy: REMEDY });
}
