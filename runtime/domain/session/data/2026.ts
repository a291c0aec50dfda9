import type { DayRule } from '../calendarData';
import { bankHoliday, commoditySession, equitySession, holiday } from '../dayRules';

/**
 * NSE's and MCX's lists of holidays for 2026, the circulars of both for the budget's Sunday. Reports differ on which half of Holi MCX left out; its
 * evening is taken, as on every such day. The hour of muhurat trading on Sunday 8 November was not published when this was written: closed, until the
 * user's file says otherwise.
 */
export const DAYS_2026: readonly DayRule[] = [
  commoditySession('2026-01-01', 'New Year, no evening session', '09:00', '17:00'),
  holiday('2026-01-15', 'Municipal elections in Maharashtra'),
  holiday('2026-01-26', 'Republic Day', 'closed'),
  equitySession('2026-02-01', 'Union budget'),
  commoditySession('2026-02-01', 'Union budget', '09:00', '17:00'),
  bankHoliday('2026-02-19', 'Shivaji Jayanti'),
  holiday('2026-03-03', 'Holi'),
  bankHoliday('2026-03-19', 'Gudi Padwa'),
  holiday('2026-03-26', 'Ram Navami'),
  holiday('2026-03-31', 'Mahavir Jayanti'),
  bankHoliday('2026-04-01', 'Annual closing of banks'),
  holiday('2026-04-03', 'Good Friday', 'closed'),
  holiday('2026-04-14', 'Ambedkar Jayanti'),
  holiday('2026-05-01', 'Maharashtra Day'),
  holiday('2026-05-28', 'Bakri Id'),
  holiday('2026-06-26', 'Muharram'),
  bankHoliday('2026-08-26', 'Id-e-Milad'),
  holiday('2026-09-14', 'Ganesh Chaturthi'),
  holiday('2026-10-02', 'Gandhi Jayanti', 'closed'),
  holiday('2026-10-20', 'Dussehra'),
  [{ date: '2026-11-08', reason: 'Diwali: the hour of muhurat trading is not known; add it to calendar.json', then: 'closed' } satisfies DayRule],
  holiday('2026-11-10', 'Diwali Balipratipada'),
  holiday('2026-11-24', 'Guru Nanak Jayanti'),
  holiday('2026-12-25', 'Christmas', 'closed'),
].flat();
