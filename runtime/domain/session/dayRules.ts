import type { IsoDate } from '../time';
import type { DayRule, SessionSpan } from './calendarData';
import { SESSION_GROUPS, type SessionGroup } from './sessionGroup';

/** Shares and their derivatives: NSE and BSE keep the same days. */
export const EQUITY_GROUPS: readonly SessionGroup[] = ['cash', 'cashWithDerivatives', 'equityDerivatives'];
const RESTING_GROUPS: readonly SessionGroup[] = [...EQUITY_GROUPS, 'currency'];
const EVENING: readonly SessionSpan[] = [{ open: '17:00', kind: 'evening' }];

/** A day on which shares, their derivatives and currencies rest. Commodities trade the evening of most of them, and rest on the national ones. */
export function holiday(date: IsoDate, reason: string, commodity: 'evening' | 'closed' = 'evening'): readonly DayRule[] {
  return [
    { date, reason, groups: RESTING_GROUPS, then: 'closed' },
    { date, reason, groups: ['commodity'], then: commodity === 'closed' ? 'closed' : EVENING },
  ];
}

/** A day on which banks in Mumbai rest: currencies then do not trade as a rule, but that no session took place is not confirmed. */
export function bankHoliday(date: IsoDate, reason: string): readonly DayRule[] {
  return [{ date, reason: `${reason}: a bank holiday, on which currencies as a rule do not trade`, groups: ['currency'], then: 'unknown' }];
}

/** The hour of trading on Diwali. Groups that are not named are known to have held it too, but their hours are not known for sure. */
export function muhurat(date: IsoDate, open: string, close: string, groups: readonly SessionGroup[] = EQUITY_GROUPS): readonly DayRule[] {
  const others = SESSION_GROUPS.filter((group) => !groups.includes(group));
  const hour: DayRule = { date, reason: 'Diwali, muhurat trading', groups, then: [{ open, close }], ceremonial: true };
  return others.length === 0 ? [hour] : [hour, { date, reason: 'Diwali, hours of muhurat trading not confirmed', groups: others, then: 'unknown', ceremonial: true }];
}

/** A weekend day on which shares and their derivatives trade, the usual hours unless said. */
export function equitySession(date: IsoDate, reason: string, spans?: readonly SessionSpan[]): readonly DayRule[] {
  return [{ date, reason, groups: EQUITY_GROUPS, then: spans ?? 'usual' }];
}

/** A day on which commodities trade other hours than usual. */
export function commoditySession(date: IsoDate, reason: string, open: string, close: string): readonly DayRule[] {
  return [{ date, reason, groups: ['commodity'], then: [{ open, close }] }];
}
