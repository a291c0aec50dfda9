/** A holiday that keeps its date. */
export interface FixedHoliday {
  /** `MM-dd`. */
  readonly day: string;
  readonly reason: string;
  /** Whether commodities rest on it too; else they trade the evening in most years. */
  readonly commodity: 'closed' | 'evening';
}

/**
 * Holidays that need no list: the three national ones, and those on which the exchanges have closed in every year from 2020 on in which they fell on a weekday.
 * They hold in years whose list is not published yet.
 */
export const FIXED_HOLIDAYS: readonly FixedHoliday[] = [
  { day: '01-26', reason: 'Republic Day', commodity: 'closed' },
  { day: '04-14', reason: 'Ambedkar Jayanti', commodity: 'evening' },
  { day: '05-01', reason: 'Maharashtra Day', commodity: 'evening' },
  { day: '08-15', reason: 'Independence Day', commodity: 'closed' },
  { day: '10-02', reason: 'Gandhi Jayanti', commodity: 'closed' },
  { day: '12-25', reason: 'Christmas', commodity: 'closed' },
];
