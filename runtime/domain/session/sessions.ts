import { DERIVATIVE_STOCKS } from '../instrument/data/derivatives';
import type { Exchange, Instrument } from '../market';
import type { Sessions } from '../ports';
import type { EpochMs, IsoDate } from '../time';
import { COMMODITY_EVENING_OPEN, COMMODITY_EVENINGS, HOLIDAYS, HOURS, KNOWN_YEARS, SPECIAL_DAYS, type SessionGroup } from './data';
import { addDays, indiaDate, indiaTime, isUsDaylightTime, isWeekend } from './days';

/** Continuous trading of one day: open at `from`, closed again at `until`. */
export interface TradingHours {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

export interface SessionOptions {
  /** Whether a share has derivatives and so leaves continuous trading at 15:15 from 2026-08-03. Default: the bundled list; a share it does not know closes at 15:30. */
  readonly hasDerivatives?: (base: string) => boolean;
}

/**
 * The exchanges' hours as dated data, in India's time wherever the machine stands.
 * A day of a year without a known holiday list is closed.
 */
export function createSessions(options: SessionOptions = {}): Sessions {
  const hasDerivatives = options.hasDerivatives ?? ((base) => DERIVATIVE_STOCKS.has(base));
  const dayOf = rememberingDay();
  const hoursToday = rememberingHours();
  return {
    isOpen(instrument, at) {
      const hours = hoursToday(groupOf(instrument, hasDerivatives), dayOf(at));
      return hours !== undefined && at >= hours.from && at < hours.until;
    },
    tradingDay: dayOf,
  };
}

/** A market that never closes, for demos and tests. Its days are India's all the same. */
export const ALWAYS_OPEN: Sessions = { isOpen: () => true, tradingDay: indiaDate };

/** Every quote asks for the day and nearly all ask for the same one: zone arithmetic is done once a day. */
function rememberingDay(): (at: EpochMs) => IsoDate {
  let last = { date: '', from: 0, until: 0 };
  return (at) => {
    if (at >= last.from && at < last.until) return last.date;
    const date = indiaDate(at);
    last = { date, from: indiaTime(date, '00:00'), until: indiaTime(addDays(date, 1), '00:00') };
    return date;
  };
}

/** The hours of the last day each group was asked for. */
function rememberingHours(): typeof hoursOn {
  const known = new Map<SessionGroup, { readonly date: IsoDate; readonly hours: TradingHours | undefined }>();
  return (group, date) => {
    const last = known.get(group);
    if (last?.date === date) return last.hours;
    const hours = hoursOn(group, date);
    known.set(group, { date, hours });
    return hours;
  };
}

/** Hours of a group on a day; undefined when it rests, or when nobody knows. */
export function hoursOn(group: SessionGroup, date: IsoDate): TradingHours | undefined {
  if (!KNOWN_YEARS.has(Number(date.slice(0, 4)))) return undefined;
  const usual = usualHours(group, date);
  const special = SPECIAL_DAYS.get(date);
  if (special?.groups.includes(group) === true) {
    return span(date, special.open ?? usual?.open, special.close ?? usual?.close);
  }
  if (isWeekend(date)) return undefined;
  if (!HOLIDAYS.has(date)) return span(date, usual?.open, usual?.close);
  const evening = group === 'commodity' && COMMODITY_EVENINGS.has(date);
  return evening ? span(date, COMMODITY_EVENING_OPEN, usual?.close) : undefined;
}

/** Which hours an instrument keeps. Indices are quoted while their shares trade. */
export function groupOf(instrument: Pick<Instrument, 'exchange' | 'base'>, hasDerivatives: (base: string) => boolean): SessionGroup {
  const group = GROUP_OF_EXCHANGE[instrument.exchange];
  const isShare = instrument.exchange === 'NSE' || instrument.exchange === 'BSE';
  return isShare && hasDerivatives(instrument.base) ? 'cashWithDerivatives' : group;
}

const GROUP_OF_EXCHANGE: Readonly<Record<Exchange, SessionGroup>> = {
  NSE: 'cash', BSE: 'cash', NSE_INDEX: 'cash', BSE_INDEX: 'cash',
  NFO: 'equityDerivatives', BFO: 'equityDerivatives',
  CDS: 'currency', BCD: 'currency',
  MCX: 'commodity', MCX_INDEX: 'commodity',
};

function usualHours(group: SessionGroup, date: IsoDate): { readonly open: string; readonly close: string } | undefined {
  const row = HOURS.find((hours) => hours.groups.includes(group) && date >= (hours.from ?? date) && date <= (hours.until ?? date));
  if (row === undefined) return undefined;
  const summer = row.summerClose !== undefined && isUsDaylightTime(indiaTime(date, row.summerClose));
  return { open: row.open, close: summer ? row.summerClose : row.close };
}

function span(date: IsoDate, open: string | undefined, close: string | undefined): TradingHours | undefined {
  return open === undefined || close === undefined ? undefined : { from: indiaTime(date, open), until: indiaTime(date, close) };
}
