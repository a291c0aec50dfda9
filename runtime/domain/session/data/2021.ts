import type { DayRule } from '../calendarData';
import { bankHoliday, commoditySession, holiday, muhurat } from '../dayRules';

/** An extended day: trading stopped at NSE for hours, and the exchanges made up for it. */
const OUTAGE = { date: '2021-02-24', reason: 'Outage of NSE, extended to 17:00' } as const;

/**
 * NSE's list of holidays for 2021; commodities by MCX's rule of evenings. On 24 February NSE halted all segments at 11:40 (its indices stood still from
 * 10:06) and resumed shares and derivatives at 15:45, currencies at 15:30; BSE traded through to 17:00. BSE's currencies kept their hours.
 */
export const DAYS_2021: readonly DayRule[] = [
  commoditySession('2021-01-01', 'New Year, no evening session', '09:00', '17:00'),
  holiday('2021-01-26', 'Republic Day', 'closed'),
  bankHoliday('2021-02-19', 'Shivaji Jayanti'),
  [
    { ...OUTAGE, exchanges: ['NSE', 'NSE_INDEX', 'NFO'], then: [{ open: '09:15', close: '11:40', kind: 'regular' }, { open: '15:45', close: '17:00' }] } satisfies DayRule,
    { ...OUTAGE, exchanges: ['CDS'], then: [{ open: '09:00', close: '11:40', kind: 'regular' }, { open: '15:30', close: '17:00', kind: 'regular' }] } satisfies DayRule,
    { ...OUTAGE, exchanges: ['BSE', 'BSE_INDEX', 'BFO'], then: [{ open: '09:15', close: '17:00' }] } satisfies DayRule,
  ],
  holiday('2021-03-11', 'Mahashivratri'),
  holiday('2021-03-29', 'Holi'),
  bankHoliday('2021-04-01', 'Annual closing of banks'),
  holiday('2021-04-02', 'Good Friday', 'closed'),
  bankHoliday('2021-04-13', 'Gudi Padwa'),
  holiday('2021-04-14', 'Ambedkar Jayanti'),
  holiday('2021-04-21', 'Ram Navami'),
  holiday('2021-05-13', 'Id-ul-Fitr'),
  bankHoliday('2021-05-26', 'Buddha Purnima'),
  holiday('2021-07-21', 'Bakri Id'),
  bankHoliday('2021-08-16', 'Parsi New Year'),
  holiday('2021-08-19', 'Muharram'),
  holiday('2021-09-10', 'Ganesh Chaturthi'),
  holiday('2021-10-15', 'Dussehra'),
  bankHoliday('2021-10-19', 'Id-e-Milad'),
  muhurat('2021-11-04', '18:15', '19:15', ['cash', 'cashWithDerivatives', 'equityDerivatives', 'currency', 'commodity']),
  holiday('2021-11-05', 'Diwali Balipratipada'),
  holiday('2021-11-19', 'Guru Nanak Jayanti'),
].flat();
