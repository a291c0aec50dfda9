import type { HoursRow } from '../calendarData';

/**
 * Usual hours of continuous trading. Pre-open, closing auction and post-close are not continuous trading and stand in no row.
 *
 * - Shares and their derivatives: the exchanges' circulars; from 2026-08-03 shares with derivatives leave for the closing auction at 15:15 and
 *   derivatives trade until 15:40 (the first weekday of August 2026 is the 3rd).
 * - Commodities: until 23:55, while New York keeps daylight time until 23:30, for metals and energy. Contracts on farm goods close earlier (17:00 or 21:00):
 *   not told apart here. From 2020-03-30 to 2020-04-22, in the lockdown, until 17:00.
 * - Currencies: 09:00 to 17:00. From 2020-04-07 on the Reserve Bank cut the hours of the money markets, and until when exchanges followed is not
 *   confirmed: unknown until the first restoration of 2020-11-09.
 */
export const HOURS: readonly HoursRow[] = [
  { groups: ['cash', 'cashWithDerivatives', 'equityDerivatives'], until: '2026-07-31', hours: { open: '09:15', close: '15:30' } },
  { groups: ['cash'], from: '2026-08-01', hours: { open: '09:15', close: '15:30' } },
  { groups: ['cashWithDerivatives'], from: '2026-08-01', hours: { open: '09:15', close: '15:15' } },
  { groups: ['equityDerivatives'], from: '2026-08-01', hours: { open: '09:15', close: '15:40' } },
  { groups: ['currency'], hours: { open: '09:00', close: '17:00' } },
  { groups: ['currency'], from: '2020-04-07', until: '2020-11-08', hours: 'Hours of currencies were cut in the lockdown of 2020; they are not confirmed' },
  { groups: ['commodity'], hours: { open: '09:00', close: '23:55', summerClose: '23:30' } },
  { groups: ['commodity'], from: '2020-03-30', until: '2020-04-22', hours: { open: '09:00', close: '17:00' } },
];
