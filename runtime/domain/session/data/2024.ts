import type { DayRule, SessionSpan } from '../calendarData';
import { bankHoliday, commoditySession, equitySession, holiday, muhurat } from '../dayRules';

const BEFORE_THE_SWITCH: SessionSpan = { open: '09:15', close: '10:00' };

/**
 * NSE's list of holidays for 2024 with its late additions (22 January, 20 May, 20 November) and the circulars of the Saturdays: 20 January became a whole
 * day, 2 March and 18 May were tests of the disaster site in two sessions. Reports of the second session of 18 May differ (11:30-12:30); the
 * circular's 11:45-12:40 is taken. Commodities by MCX's rule of evenings.
 */
export const DAYS_2024: readonly DayRule[] = [
  commoditySession('2024-01-01', 'New Year, no evening session', '09:00', '17:00'),
  equitySession('2024-01-20', 'Trading Saturday in place of 22 January'),
  holiday('2024-01-22', 'Consecration in Ayodhya'),
  holiday('2024-01-26', 'Republic Day', 'closed'),
  bankHoliday('2024-02-19', 'Shivaji Jayanti'),
  equitySession('2024-03-02', 'Test of the disaster site', [BEFORE_THE_SWITCH, { open: '11:30', close: '12:30' }]),
  holiday('2024-03-08', 'Mahashivratri'),
  holiday('2024-03-25', 'Holi'),
  holiday('2024-03-29', 'Good Friday', 'closed'),
  bankHoliday('2024-04-01', 'Annual closing of banks'),
  bankHoliday('2024-04-09', 'Gudi Padwa'),
  holiday('2024-04-11', 'Id-ul-Fitr'),
  holiday('2024-04-17', 'Ram Navami'),
  holiday('2024-05-01', 'Maharashtra Day'),
  equitySession('2024-05-18', 'Test of the disaster site', [BEFORE_THE_SWITCH, { open: '11:45', close: '12:40' }]),
  holiday('2024-05-20', 'Elections in Mumbai'),
  bankHoliday('2024-05-23', 'Buddha Purnima'),
  holiday('2024-06-17', 'Bakri Id'),
  holiday('2024-07-17', 'Muharram'),
  holiday('2024-08-15', 'Independence Day', 'closed'),
  bankHoliday('2024-09-16', 'Id-e-Milad, as announced first'),
  bankHoliday('2024-09-18', 'Id-e-Milad'),
  holiday('2024-10-02', 'Gandhi Jayanti', 'closed'),
  muhurat('2024-11-01', '18:00', '19:00'),
  holiday('2024-11-15', 'Guru Nanak Jayanti'),
  holiday('2024-11-20', 'Elections in Maharashtra'),
  holiday('2024-12-25', 'Christmas', 'closed'),
].flat();
