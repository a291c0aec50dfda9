import type { DayRule } from '../calendarData';
import { bankHoliday, commoditySession, equitySession, holiday, muhurat } from '../dayRules';

/**
 * NSE's and MCX's lists of holidays for 2020, as published. In the lockdown (from 2020-03-30) commodities had no evening sessions: MCX named
 * 2, 6 and 14 April. Not confirmed, and so unknown: MCX on the budget's Saturday, currencies on bank holidays and on Diwali.
 */
export const DAYS_2020: readonly DayRule[] = [
  commoditySession('2020-01-01', 'New Year, no evening session', '09:00', '17:00'),
  equitySession('2020-02-01', 'Union budget'),
  [{ date: '2020-02-01', reason: 'Union budget, hours not confirmed', groups: ['commodity'], then: 'unknown' } satisfies DayRule],
  bankHoliday('2020-02-19', 'Shivaji Jayanti'),
  holiday('2020-02-21', 'Mahashivratri'),
  holiday('2020-03-10', 'Holi'),
  bankHoliday('2020-03-25', 'Gudi Padwa'),
  bankHoliday('2020-04-01', 'Annual closing of banks'),
  holiday('2020-04-02', 'Ram Navami', 'closed'),
  holiday('2020-04-06', 'Mahavir Jayanti', 'closed'),
  holiday('2020-04-10', 'Good Friday', 'closed'),
  holiday('2020-04-14', 'Ambedkar Jayanti', 'closed'),
  holiday('2020-05-01', 'Maharashtra Day'),
  bankHoliday('2020-05-07', 'Buddha Purnima'),
  holiday('2020-05-25', 'Id-ul-Fitr'),
  holiday('2020-10-02', 'Gandhi Jayanti', 'closed'),
  bankHoliday('2020-10-30', 'Id-e-Milad'),
  muhurat('2020-11-14', '18:15', '19:15', ['cash', 'cashWithDerivatives', 'equityDerivatives', 'commodity']),
  holiday('2020-11-16', 'Diwali Balipratipada'),
  holiday('2020-11-30', 'Guru Nanak Jayanti'),
  holiday('2020-12-25', 'Christmas', 'closed'),
].flat();
