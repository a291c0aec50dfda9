import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadCalendar } from '../runtime/adapters/calendar/loadCalendar';
import { createTradingCalendar, indiaTime, marketsOf, type CalendarDay, type SessionGroup, type TradedMarket, type TradingCalendar } from '../runtime/domain/session';
import { Exchange } from '../runtime/domain/market';
import { INDIA_ZONE, type EpochMs, type IsoDate } from '../runtime/domain/time';
import { parsedWords, UsageError } from './arguments';
import { findHome, HomeNotFound, type Surroundings } from './home';
import { formatTable } from './table';
import type { Tool } from './tools';

const OPTIONS = { home: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

/** `bellwether calendar <exchange> <date>`: when an exchange trades on a day, with the user's calendar.json where there is a state folder. */
export const calendarTool: Tool = {
  run(words, world) {
    const { values, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    const [exchangeText, dateText, ...more] = positionals;
    if (exchangeText === undefined || dateText === undefined) throw new UsageError('calendar wants an exchange and a date: bellwether calendar NSE 2026-11-20.');
    if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: calendar answers for one exchange and one date.`);
    const exchange = readExchange(exchangeText);
    const calendar = calendarOf(values.home, world);
    const days = marketsOf(exchange).map((market) => ({ market, day: dayOf(calendar, market, dateText) }));
    return values.json ? `${JSON.stringify(asJson(exchange, days), null, 2)}\n` : `${asText(exchange, days, calendar)}\n`;
  },
};

interface MarketDay {
  readonly market: TradedMarket;
  readonly day: CalendarDay;
}

function readExchange(text: string): Exchange {
  const exchange = Exchange.safeParse(text.toUpperCase());
  if (!exchange.success) throw new UsageError(`There is no exchange "${text}"; known: ${Exchange.options.join(', ')}.`);
  return exchange.data;
}

function dayOf(calendar: TradingCalendar, market: TradedMarket, date: string): CalendarDay {
  try {
    return calendar.day(market, date);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`"${date}" is no date: write YYYY-MM-DD, e.g. 2026-11-20.`);
    throw error;
  }
}

/** A folder that was named must be there; where nobody named one and none is found, the bundled days are the answer. */
function calendarOf(named: string | undefined, world: Surroundings): TradingCalendar {
  const wanted = named ?? world.env.BELLWETHER_HOME;
  if (wanted !== undefined && wanted !== '') {
    const folder = path.resolve(world.workingDirectory, wanted);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw new HomeNotFound(`There is no folder ${folder}.`);
    return loadCalendar(folder);
  }
  const home = homeIfAny(world);
  return home === undefined ? createTradingCalendar() : loadCalendar(home);
}

function homeIfAny(world: Surroundings): string | undefined {
  try {
    return findHome(undefined, world);
  } catch (error) {
    if (error instanceof HomeNotFound) return undefined;
    throw error;
  }
}

/** The exchange's day is that of its first group; `groups` holds all of them. */
function asJson(exchange: Exchange, days: readonly MarketDay[]): object {
  const [first] = days;
  return {
    exchange, date: first?.day.date, ...(first === undefined ? {} : described(first.day)),
    groups: days.map(({ market, day }) => ({ group: market.group, ...described(day) })),
  };
}

function described(day: CalendarDay): object {
  const sessions = day.kind === 'open' ? day.sessions : [];
  return {
    kind: day.kind,
    sessions: sessions.map(({ from, until, kind }) => ({ from, until, fromText: clock(from), untilText: clock(until), kind })),
    reason: day.reason ?? null,
  };
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeZone: INDIA_ZONE, hour: '2-digit', minute: '2-digit' });
const WEEKDAY = new Intl.DateTimeFormat('en-GB', { timeZone: INDIA_ZONE, weekday: 'long' });
const clock = (at: EpochMs): string => CLOCK.format(at);
const longDate = (date: IsoDate): string => `${WEEKDAY.format(indiaTime(date, '12:00'))} ${date}`;

const GROUP_NAMES: Readonly<Record<SessionGroup, string>> = {
  cash: 'shares without derivatives', cashWithDerivatives: 'shares with derivatives', equityDerivatives: 'equity derivatives', currency: 'currencies', commodity: 'commodities',
};

/** Groups with the same day are shown as one. */
function asText(exchange: Exchange, days: readonly MarketDay[], calendar: TradingCalendar): string {
  const alike = new Set(days.map(({ day }) => JSON.stringify(day))).size === 1;
  return (alike ? days.slice(0, 1) : days).map(({ market, day }) => {
    const name = alike ? exchange : `${exchange}, ${GROUP_NAMES[market.group]}`;
    const why = day.reason === undefined ? '' : ` (${day.reason})`;
    if (day.kind === 'open') return `${name} trades on ${longDate(day.date)}${why}:\n${sessionTable(day)}`;
    const state = day.kind === 'closed' ? 'is closed' : 'is not known: nothing is traded';
    return `${name} ${state} on ${longDate(day.date)}${why}.${nextSession(calendar, market, day.date)}`;
  }).join('\n\n');
}

function sessionTable({ sessions }: Extract<CalendarDay, { kind: 'open' }>): string {
  return formatTable([
    { title: 'FROM (IST)', cell: ({ from }) => clock(from) },
    { title: 'UNTIL', cell: ({ until }) => clock(until) },
    { title: 'SESSION', cell: ({ kind }) => kind },
  ], sessions);
}

function nextSession(calendar: TradingCalendar, market: TradedMarket, date: IsoDate): string {
  const next = calendar.sessionOnOrAfter(market, indiaTime(date, '00:00'));
  return next === undefined ? '' : ` Next: ${longDate(next.date)}, ${clock(next.from)} to ${clock(next.until)}.`;
}
