import { deny, ok, type Outcome } from '../denial';
import { addDays, dateOf } from '../session/days';
import type { IsoDate } from '../time';
import type { DerivativesExchange } from './exchange';
import { hasWeeklies, monthlyExpiry } from './expiries';
import { MONTHS } from './grammar';

export interface ResolvedExpiry {
  readonly expiry: IsoDate;
  /** The last one of its month, or one of the weeks before. */
  readonly kind: 'weekly' | 'monthly';
}

/** `W0` is the nearest expiry of all, `M0` the nearest month's last one; the number counts onwards. */
export type ExpiryCode = { readonly kind: 'weekly' | 'monthly'; readonly ordinal: number } | { readonly kind: 'day'; readonly date: IsoDate };

const CODE = /^([WM])(\d{1,2})$/;
const DAY = new RegExp(`^(\\d{2})-?(${MONTHS.join('|')})-?(?:20)?(\\d{2})$`);
const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Two weekly expiries lie no further apart, holidays included; behind a longer gap only months follow. */
const LONGEST_WEEK_DAYS = 11;

/** Reads `W0`, `m1`, `29DEC26`, `29-DEC-2026` or `2026-12-29`. Denies INVALID_PARAMETER. */
export function readExpiryCode(text: string): Outcome<ExpiryCode> {
  const word = text.trim().toUpperCase();
  const [, letter, ordinal] = CODE.exec(word) ?? [];
  if (letter !== undefined) return ok({ kind: letter === 'W' ? 'weekly' : 'monthly', ordinal: Number(ordinal) });
  const date = readDay(word);
  if (date !== undefined) return ok({ kind: 'day', date });
  return deny('INVALID_PARAMETER', `${JSON.stringify(text.slice(0, 20))} is no expiry.`, { field: 'expiry', remedy: 'Write W0, W1, … for weeks, M0, M1, … for months, or the day: 29DEC26.' });
}

function readDay(word: string): IsoDate | undefined {
  const [, day, name = '', short] = DAY.exec(word) ?? [];
  if (day !== undefined) return dateOf(2_000 + Number(short), MONTHS.findIndex((month) => month === name) + 1, Number(day));
  const [, year, month, dayOfMonth] = ISO_DAY.exec(word) ?? [];
  return year === undefined ? undefined : dateOf(Number(year), Number(month), Number(dayOfMonth));
}

/**
 * The day a code means among the expiries that are listed (ascending, none before `on`). The month's last expiry is also its week's, so in that week `W0` and `M0` are one.
 * Denies INVALID_PARAMETER: a weekly code where there are no weeklies is never taken for the month.
 */
export function resolveExpiry({ code, exchange, base, on, expiries }: {
  readonly code: ExpiryCode; readonly exchange: DerivativesExchange; readonly base: string; readonly on: IsoDate; readonly expiries: readonly IsoDate[];
}): Outcome<ResolvedExpiry> {
  const months = expiries.filter((date, index) => isMonthly({ exchange, base, date, next: expiries[index + 1] }));
  const found = (expiry: IsoDate): Outcome<ResolvedExpiry> => ok({ expiry, kind: months.includes(expiry) ? 'monthly' : 'weekly' });
  const refused = (message: string, remedy: string) => deny('INVALID_PARAMETER', message, { field: 'expiry', remedy });
  const name = `${exchange}:${base}`;
  const listed = expiries.length === 0 ? `No expiry of ${name} is known on ${on}.` : `Known are ${expiries.slice(0, 8).join(', ')}${expiries.length > 8 ? ', …' : ''}.`;
  if (code.kind === 'day') return expiries.includes(code.date) ? found(code.date) : refused(`${name} has no expiry on ${code.date}.`, listed);
  if (code.kind === 'monthly') {
    const month = months[code.ordinal];
    return month === undefined ? refused(`${name} has no expiry M${code.ordinal} on ${on}.`, listed) : found(month);
  }
  const weeks = hasWeeklies(exchange, base, on) || months.length < expiries.length ? weeklyRun(expiries, on) : [];
  if (weeks.length === 0 && expiries.length > 0) return refused(`${name} has no weekly expiries on ${on}.`, 'Use M0 for the nearest month.');
  const week = weeks[code.ordinal];
  return week === undefined ? refused(`${name} has no expiry W${code.ordinal} on ${on}.`, listed) : found(week);
}

/** By rule where there is one, else the last that is listed in its month. */
function isMonthly({ exchange, base, date, next }: { readonly exchange: DerivativesExchange; readonly base: string; readonly date: IsoDate; readonly next: IsoDate | undefined }): boolean {
  const rule = monthlyExpiry(exchange, base, date.slice(0, 7));
  if (rule === date) return true;
  // A day that the exchange moved at short notice is still its month's last.
  return next?.slice(0, 7) !== date.slice(0, 7) && (rule === undefined || rule < date || addDays(date, LONGEST_WEEK_DAYS - 7) >= rule);
}

function weeklyRun(expiries: readonly IsoDate[], on: IsoDate): readonly IsoDate[] {
  const end = expiries.findIndex((date, index) => date > addDays(expiries[index - 1] ?? on, LONGEST_WEEK_DAYS));
  return end === -1 ? expiries : expiries.slice(0, end);
}
