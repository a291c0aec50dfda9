import type { IsoDate } from '../time';

/** Instruments that trade the same hours. Shares with derivatives leave continuous trading for the closing auction. */
export type SessionGroup = 'cash' | 'cashWithDerivatives' | 'equityDerivatives' | 'currency' | 'commodity';

/** Continuous trading, `HH:mm` in India, valid on the days from `from` to `until` inclusive. `summerClose` holds while New York keeps daylight time. */
export interface HoursRow {
  readonly groups: readonly SessionGroup[];
  readonly from?: IsoDate;
  readonly until?: IsoDate;
  readonly open: string;
  readonly close: string;
  readonly summerClose?: string;
}

/** Pre-open, closing auction and post-close are not continuous trading and stand in no row. */
export const HOURS: readonly HoursRow[] = [
  { groups: ['cash', 'cashWithDerivatives', 'equityDerivatives'], until: '2026-07-31', open: '09:15', close: '15:30' },
  { groups: ['cash'], from: '2026-08-01', open: '09:15', close: '15:30' },
  { groups: ['cashWithDerivatives'], from: '2026-08-01', open: '09:15', close: '15:15' },
  { groups: ['equityDerivatives'], from: '2026-08-01', open: '09:15', close: '15:40' },
  { groups: ['currency'], open: '09:00', close: '17:00' },
  { groups: ['commodity'], open: '09:00', close: '23:55', summerClose: '23:30' },
];

/** Years whose holidays are known. Any other year is closed: nothing is guessed. */
export const KNOWN_YEARS: ReadonlySet<number> = new Set([2025, 2026]);

/** Exchange holidays (NSE, BSE) of the known years. Currency segments are taken to rest on the same days. */
export const HOLIDAYS: ReadonlySet<IsoDate> = new Set([
  '2025-02-26', '2025-03-14', '2025-03-31', '2025-04-10', '2025-04-14', '2025-04-18', '2025-05-01', '2025-08-15', '2025-08-27',
  '2025-10-02', '2025-10-21', '2025-10-22', '2025-11-05', '2025-12-25',
  '2026-01-15', '2026-01-26', '2026-03-03', '2026-03-26', '2026-03-31', '2026-04-03', '2026-04-14', '2026-05-01', '2026-05-28',
  '2026-06-26', '2026-09-14', '2026-10-02', '2026-10-20', '2026-11-10', '2026-11-24', '2026-12-25',
]);

/** Commodities trade these holidays in the evening only, and rest on the others. Known for 2026; in 2025 they rest on every holiday. */
export const COMMODITY_EVENING_OPEN = '17:00';
export const COMMODITY_EVENINGS: ReadonlySet<IsoDate> = new Set([
  '2026-01-15', '2026-03-03', '2026-03-26', '2026-03-31', '2026-04-14', '2026-05-01', '2026-05-28', '2026-06-26', '2026-09-14',
  '2026-10-20', '2026-11-10', '2026-11-24',
]);

/** A day off the weekly pattern on which the named groups trade: the usual hours, or the given ones. */
export interface SpecialDay {
  readonly date: IsoDate;
  /** 'full' counts as a trading day for expiries and settlements, 'ceremonial' does not. */
  readonly kind: 'full' | 'ceremonial';
  readonly groups: readonly SessionGroup[];
  readonly open?: string;
  readonly close?: string;
}

const EQUITY_GROUPS: readonly SessionGroup[] = ['cash', 'cashWithDerivatives', 'equityDerivatives'];

/** The muhurat session of 2026-11-08 is missing on purpose: its hours were not published, so that Sunday stays closed. */
export const SPECIAL_DAYS: ReadonlyMap<IsoDate, SpecialDay> = new Map(([
  { date: '2025-02-01', kind: 'full', groups: EQUITY_GROUPS },
  { date: '2025-10-21', kind: 'ceremonial', groups: EQUITY_GROUPS, open: '13:45', close: '14:45' },
  { date: '2026-02-01', kind: 'full', groups: EQUITY_GROUPS },
] satisfies readonly SpecialDay[]).map((day) => [day.date, day]));
