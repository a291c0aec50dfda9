import type { DayRule } from '../calendarData';
import { bankHoliday, holiday, muhurat } from '../dayRules';

/** NSE's list of holidays for 2023 (Bakri Id moved to 29 June late); commodities by MCX's rule of evenings. Both 28 and 29 September were bank holidays for some. */
export const DAYS_2023: readonly DayRule[] = [
  holiday('2023-01-26', 'Republic Day', 'closed'),
  holiday('2023-03-07', 'Holi'),
  bankHoliday('2023-03-22', 'Gudi Padwa'),
  holiday('2023-03-30', 'Ram Navami'),
  holiday('2023-04-04', 'Mahavir Jayanti'),
  holiday('2023-04-07', 'Good Friday', 'closed'),
  holiday('2023-04-14', 'Ambedkar Jayanti'),
  holiday('2023-05-01', 'Maharashtra Day'),
  bankHoliday('2023-05-05', 'Buddha Purnima'),
  bankHoliday('2023-06-28', 'Bakri Id, as announced first'),
  holiday('2023-06-29', 'Bakri Id'),
  holiday('2023-08-15', 'Independence Day', 'closed'),
  bankHoliday('2023-08-16', 'Parsi New Year'),
  holiday('2023-09-19', 'Ganesh Chaturthi'),
  bankHoliday('2023-09-28', 'Id-e-Milad'),
  bankHoliday('2023-09-29', 'Id-e-Milad, as moved'),
  holiday('2023-10-02', 'Gandhi Jayanti', 'closed'),
  holiday('2023-10-24', 'Dussehra'),
  muhurat('2023-11-12', '18:15', '19:15'),
  holiday('2023-11-14', 'Diwali Balipratipada'),
  holiday('2023-11-27', 'Guru Nanak Jayanti'),
  holiday('2023-12-25', 'Christmas', 'closed'),
].flat();
