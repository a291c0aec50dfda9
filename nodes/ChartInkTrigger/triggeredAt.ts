import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import { addDays, indiaDate, indiaTime } from '../../runtime/domain/session';
import { SECOND_MS, type EpochMs } from '../../runtime/domain/time';
import { invalid, textOf, type AlertField } from '../alertFields';

const CLOCK_TIME = /^(\d{1,2}):(\d{2})(?::\d{2})?\s*(am|pm)?$/i;
/** A time that lies further ahead than this was yesterday's: the alert crossed midnight. */
const CROSSED_MIDNIGHT_MS = 18 * 3_600 * SECOND_MS;

/**
 * `2:34 pm` in India on the day of receipt: the sender gives no date. Denies INVALID_FIELD for anything but a time of day,
 * and STALE_SIGNAL where the trigger has a maximum age and the time is further away.
 */
export function triggeredAt(field: AlertField, receivedAt: EpochMs, maximumAgeSeconds: number | undefined): Outcome<EpochMs> {
  const text = textOf(field);
  if (!text.ok) return text;
  const time = timeOfDay(text.value);
  if (time === undefined) return invalid(field, 'is no time of day', 'ChartInk writes it as 2:34 pm.');
  const today = indiaDate(receivedAt);
  const onToday = indiaTime(today, time);
  const at = onToday - receivedAt > CROSSED_MIDNIGHT_MS ? indiaTime(addDays(today, -1), time) : onToday;
  // The sender's minute is the finest it tells.
  const ageSeconds = Math.round((receivedAt - at) / SECOND_MS);
  if (maximumAgeSeconds === undefined || Math.abs(ageSeconds) <= maximumAgeSeconds + 60) return ok(at);
  return deny('STALE_SIGNAL', `The scan was triggered ${ageSeconds} s before it arrived; ${maximumAgeSeconds} s are allowed.`, { field: field.name, limit: maximumAgeSeconds, value: ageSeconds, remedy: 'Raise the maximum age in the trigger if your scans run late.' });
}

/** As `HH:mm`; undefined where it is none. */
function timeOfDay(text: string): string | undefined {
  const [, hourText = '', minute = '', half] = CLOCK_TIME.exec(text) ?? [];
  const hour = Number(hourText);
  if (hourText === '' || Number(minute) > 59) return undefined;
  if (half === undefined) return hour > 23 ? undefined : `${pad(hour)}:${minute}`;
  if (hour < 1 || hour > 12) return undefined;
  return `${pad((hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0))}:${minute}`;
}

function pad(hour: number): string {
  return String(hour).padStart(2, '0');
}
