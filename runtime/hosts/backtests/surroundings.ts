import { loadCalendar } from '../../adapters/calendar/loadCalendar';
import { loadInstruments } from '../../adapters/instruments/loadInstruments';
import { createCatalogue } from '../../domain/instrument';
import type { Instruments } from '../../domain/ports';
import { createAlwaysOpenCalendar, createTradingCalendar, type TradingCalendar } from '../../domain/session';

/** Whose days and hours hold for a setup. */
export function calendarOf({ home, hours }: { readonly home?: string | undefined; readonly hours?: 'exchange' | 'always' | undefined }): TradingCalendar {
  if (hours === 'always') return createAlwaysOpenCalendar();
  return home === undefined ? createTradingCalendar() : loadCalendar(home);
}

/** Which instruments a setup knows beside those of its data. */
export function instrumentsOf({ home }: { readonly home?: string | undefined }): Instruments {
  return home === undefined ? createCatalogue() : loadInstruments(home);
}
