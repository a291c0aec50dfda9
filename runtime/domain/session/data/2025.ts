import type { DayRule } from '../calendarData';
import { bankHoliday, commoditySession, equitySession, holiday, muhurat } from '../dayRules';

/** NSE's list of holidays for 2025, MCX's circulars for the budget's Saturday and for Diwali; its other evenings by its rule. */
export const DAYS_2025: readonly DayRule[] = [
  commoditySession('2025-01-01', 'New Year, no evening session', '09:00', '17:00'),
  equitySession('2025-02-01', 'Union budget'),
  commoditySession('2025-02-01', 'Union budget', '09:00', '17:00'),
  bankHoliday('2025-02-19', 'Shivaji Jayanti'),
  holiday('2025-02-26', 'Mahashivratri'),
  holiday('2025-03-14', 'Holi'),
  holiday('2025-03-31', 'Id-ul-Fitr'),
  bankHoliday('2025-04-01', 'Annual closing of banks'),
  holiday('2025-04-10', 'Mahavir Jayanti'),
  holiday('2025-04-14', 'Ambedkar Jayanti'),
  holiday('2025-04-18', 'Good Friday', 'closed'),
  holiday('2025-05-01', 'Maharashtra Day'),
  bankHoliday('2025-05-12', 'Buddha Purnima'),
  holiday('2025-08-15', 'Independence Day', 'closed'),
  holiday('2025-08-27', 'Ganesh Chaturthi'),
  bankHoliday('2025-09-05', 'Id-e-Milad, as announced first'),
  bankHoliday('2025-09-08', 'Id-e-Milad'),
  holiday('2025-10-02', 'Gandhi Jayanti, Dussehra', 'closed'),
  muhurat('2025-10-21', '13:45', '14:45', ['cash', 'cashWithDerivatives', 'equityDerivatives', 'commodity']),
  holiday('2025-10-22', 'Diwali Balipratipada'),
  holiday('2025-11-05', 'Guru Nanak Jayanti'),
  holiday('2025-12-25', 'Christmas', 'closed'),
].flat();
