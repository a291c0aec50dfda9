import { DateTime } from 'luxon';
import { deny, ok, type Outcome } from '../../runtime/domain/denial';
import { SECOND_MS, type EpochMs } from '../../runtime/domain/time';
import { fieldOf, invalid, positiveNumberOf, textOf, type AlertField, type AlertFields } from '../alertFields';

const ISO_WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/i;

/**
 * When the alert fired: `ts`, `timestamp` or `timenow`, else the time of receipt. `{{time}}` is a bar's start and says nothing about that.
 * Denies STALE_SIGNAL when it is older than allowed, or as far ahead; the alert's own `max_lag` can shorten the time, never lengthen it.
 */
export function signalTime(fields: AlertFields, { receivedAt, maximumAgeSeconds }: { readonly receivedAt: EpochMs; readonly maximumAgeSeconds: number }): Outcome<EpochMs> {
  const field = fieldOf(fields, 'ts', 'timestamp', 'timenow');
  if (field === undefined) return ok(receivedAt);
  const at = timeOf(field);
  if (!at.ok) return at;
  const lagField = fieldOf(fields, 'maxlag');
  const lag = lagField === undefined ? ok(maximumAgeSeconds) : positiveNumberOf(lagField);
  if (!lag.ok) return lag;
  const limit = Math.min(lag.value, maximumAgeSeconds);
  const ageSeconds = Math.round((receivedAt - at.value) / SECOND_MS);
  if (Math.abs(receivedAt - at.value) <= limit * SECOND_MS) return at;
  return deny('STALE_SIGNAL', ageSeconds > 0 ? `The alert is ${ageSeconds} s old; ${limit} s are allowed.` : `The alert is dated ${-ageSeconds} s ahead.`, {
    field: field.name, limit, value: ageSeconds, remedy: 'Use {{timenow}} in the alert, and check this machine’s clock.',
  });
}

/** ISO 8601 with a zone, or epoch seconds or milliseconds. A time without a zone could be any of many. */
function timeOf(field: AlertField): Outcome<EpochMs> {
  const text = textOf(field);
  if (!text.ok) return text;
  if (/^\d{13}$/.test(text.value)) return ok(Number(text.value));
  if (/^\d{10}$/.test(text.value)) return ok(Number(text.value) * SECOND_MS);
  const time = ISO_WITH_ZONE.test(text.value) ? DateTime.fromISO(text.value.toUpperCase()) : undefined;
  return time?.isValid === true ? ok(time.toMillis()) : invalid(field, 'is no time', 'Use {{timenow}}, such as 2026-11-20T05:30:00Z.');
}
