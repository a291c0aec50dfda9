import type { DayRule } from '../calendarData';
import { bankHoliday, holiday, muhurat } from '../dayRules';

/** NSE's and MCX's lists of holidays for 2022, as published. June and July, without a holiday, agree with recorded candles of both months (a test compares them). */
export const DAYS_2022: readonly DayRule[] = [
  holiday('2022-01-26', 'Republic Day', 'closed'),
  holiday('2022-03-01', 'Mahashivratri'),
  holiday('2022-03-18', 'Holi'),
  bankHoliday('2022-04-01', 'Annual closing of banks'),
  holiday('2022-04-14', 'Mahavir Jayanti, Ambedkar Jayanti'),
  holiday('2022-04-15', 'Good Friday', 'closed'),
  holiday('2022-05-03', 'Id-ul-Fitr'),
  bankHoliday('2022-05-16', 'Buddha Purnima'),
  holiday('2022-08-09', 'Muharram'),
  holiday('2022-08-15', 'Independence Day', 'closed'),
  bankHoliday('2022-08-16', 'Parsi New Year'),
  holiday('2022-08-31', 'Ganesh Chaturthi'),
  holiday('2022-10-05', 'Dussehra'),
  muhurat('2022-10-24', '18:15', '19:15'),
  holiday('2022-10-26', 'Diwali Balipratipada'),
  holiday('2022-11-08', 'Guru Nanak Jayanti'),
].flat();
