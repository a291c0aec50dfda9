import path from 'node:path';
import { parseArgs } from 'node:util';
import { readExchange, resolveExpiry, type Freshness, type MasterAttempt } from '../runtime/domain/instrument';
import { derivativesExchangeOf } from '../runtime/domain/instrument/exchange';
import { Segment } from '../runtime/domain/market';
import { fromMoney } from '../runtime/domain/money';
import type { Log } from '../runtime/domain/ports';
import { indiaDate, isExpected } from '../runtime/domain/session';
import { openInstruments, type InstrumentDesk } from '../runtime/openInstruments';
import type { FoundInstrument } from '../runtime/services/instruments/search';
import { parsedWords, UsageError } from './arguments';
import { findHome, HomeNotFound } from './home';
import { unwrap } from './indicators';
import type { World } from './main';
import { formatTable, indianTime, type Column } from './table';
import type { Tool } from './tools';

const OPTIONS = {
  home: { type: 'string' }, exchange: { type: 'string' }, segment: { type: 'string' }, limit: { type: 'string' }, openalgo: { type: 'string' },
  force: { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
} as const;

type Options = Pick<ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'], keyof typeof OPTIONS>;

/** The key of OpenAlgo is no option: words of a command can be read by everybody on the machine. */
const KEY_VARIABLE = 'OPENALGO_API_KEY';
const DEFAULT_LIMIT = 20;
const MOST_RESULTS = 1_000;

/** `bellwether instruments search|expiries|refresh`: what the state folder knows of instruments. */
export const instrumentsTool: Tool = {
  async run(words, world) {
    const { values, positionals: [what, ...rest] } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    const act = what !== undefined && Object.hasOwn(ACTIONS, what) ? ACTIONS[what] : undefined;
    if (act === undefined) throw new UsageError('instruments wants search <text>, expiries <EXCHANGE:BASE> or refresh.');
    const desk = openInstruments({ home: homeOf(what === 'refresh', values, world), clock: { now: () => world.now() }, log: what === 'refresh' ? SILENT : logTo(world), ...openAlgoOf(values, world) });
    try {
      return await act({ desk, rest, values, world });
    } finally {
      await desk.close();
    }
  },
};

interface Asked {
  readonly desk: InstrumentDesk;
  readonly rest: readonly string[];
  readonly values: Options;
  readonly world: World;
}

/** What a refresh says of its sources stands in its answer. */
const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const ACTIONS: Readonly<Record<string, (asked: Asked) => string | Promise<string>>> = { search, expiries, refresh };

const FOUND: readonly Column<FoundInstrument>[] = [
  { title: 'EXCHANGE', cell: ({ exchange }) => exchange }, { title: 'SYMBOL', cell: ({ symbol }) => symbol }, { title: 'SEGMENT', cell: ({ segment }) => segment },
  { title: 'LOT', cell: ({ lotSize }) => lotSize }, { title: 'TICK', cell: ({ tickSize }) => (tickSize === undefined ? null : fromMoney(tickSize)) },
  { title: 'FREEZE', cell: ({ freezeQuantity }) => freezeQuantity ?? null }, { title: 'EXPIRY', cell: ({ expiry }) => expiry ?? '' }, { title: 'NAME', cell: ({ name }) => name ?? '', width: 40 },
];

function search({ desk, rest, values, world }: Asked): string {
  if (rest.length === 0) throw new UsageError('What to search for? instruments search nifty 26000 ce');
  const segment = values.segment === undefined ? undefined : Segment.safeParse(values.segment);
  if (segment?.success === false) throw new UsageError(`--segment is one of ${Segment.options.join(', ')}.`);
  const exchange = values.exchange === undefined ? undefined : unwrap(readExchange(values.exchange)).exchange;
  const found = unwrap(desk.search({
    text: rest.join(' '), limit: limitOf(values.limit), at: world.now(), ...(exchange === undefined ? {} : { exchange }), ...(segment === undefined ? {} : { segment: segment.data }),
  }));
  if (values.json) return `${JSON.stringify(found.map(plain), null, 2)}\n`;
  return `${found.length === 0 ? 'Nothing is found.' : formatTable(FOUND, found)}\n\n${told(desk.directory.freshness(world.now()))}\n`;
}

/** Prices in rupees, one shape for every instrument. */
function plain({ key, exchange, symbol, segment, base, lotSize, tickSize, freezeQuantity, expiry, strike, optionType, name }: FoundInstrument): object {
  return {
    key, exchange, symbol, segment, base, name: name ?? null, lotSize, tickSize: tickSize === undefined ? null : fromMoney(tickSize), freezeQuantity: freezeQuantity ?? null,
    expiry: expiry ?? null, strike: strike === undefined ? null : fromMoney(strike), optionType: optionType ?? null,
  };
}

function expiries({ desk, rest: [name, ...more], values, world }: Asked): string {
  const [place = '', base = ''] = (name ?? '').toUpperCase().split(':');
  if (base === '' || more.length > 0) throw new UsageError('Of which underlying? instruments expiries NFO:NIFTY');
  const exchange = derivativesExchangeOf(unwrap(readExchange(place)).exchange);
  if (exchange === undefined) throw new UsageError(`${place} has no contracts.`);
  const at = world.now();
  const on = indiaDate(at);
  const options = desk.directory.expiries({ exchange, base, at, segment: 'option' });
  const futures = desk.directory.expiries({ exchange, base, at, segment: 'future' });
  const rows = [...new Set([...options, ...futures])].sort().map((expiry) => {
    const codes = (['weekly', 'monthly'] as const).flatMap((kind) => options.flatMap((_, ordinal) => {
      const resolved = resolveExpiry({ code: { kind, ordinal }, exchange, base, on, expiries: options });
      return resolved.ok && resolved.value.expiry === expiry ? [`${kind === 'weekly' ? 'W' : 'M'}${ordinal}`] : [];
    }));
    return { expiry, codes, options: options.includes(expiry), futures: futures.includes(expiry), expected: isExpected(expiry) };
  });
  if (values.json) return `${JSON.stringify(rows, null, 2)}\n`;
  if (rows.length === 0) throw new Error(`No expiry of ${exchange}:${base} is known. Refresh the instruments: bellwether instruments refresh.`);
  return `${formatTable<(typeof rows)[number]>([
    { title: 'EXPIRY', cell: ({ expiry }) => expiry }, { title: 'CODE', cell: ({ codes }) => codes.join(' ') },
    { title: 'OPTIONS', cell: (row) => (row.options ? 'yes' : '') }, { title: 'FUTURES', cell: (row) => (row.futures ? 'yes' : '') },
    { title: 'NOTE', cell: ({ expected }) => (expected ? 'expected' : '') },
  ], rows)}\n\n${rows.some(({ expected }) => expected) ? `${EXPECTED}\n` : ''}${told(desk.directory.freshness(at))}\n`;
}

/** Why some dates are no plain facts. */
const EXPECTED = 'expected: the exchange has not published the holidays of that year; an expiry may still move to the trading day before.';

async function refresh({ desk, rest, values, world }: Asked): Promise<string> {
  if (rest.length > 0) throw new UsageError(`"${rest.join(' ')}" is too much: refresh takes options only.`);
  const attempts = await desk.keeper.refresh({ force: values.force });
  const isEmpty = desk.directory.freshness(world.now()).state === 'none';
  const hint = isEmpty ? ['Put a list of your broker into the folder "masters" of the state folder, or name a running gateway: --openalgo http://127.0.0.1:5000.'] : [];
  const lines = [...attempts.map(report), ...hint];
  if (!attempts.some(({ outcome }) => outcome === 'accepted' || outcome === 'unchanged' || outcome === 'busy')) throw new Error(lines.join('\n'));
  return values.json ? `${JSON.stringify(attempts, null, 2)}\n` : `${lines.join('\n')}\n`;
}

function report({ source, outcome, rows, rejected, skipped, duplicates, reason, samples }: MasterAttempt): string {
  const counted = `${rows} instruments, ${rejected} lines not readable, ${skipped} of other markets, ${duplicates} repeated`;
  const examples = samples.map(({ line, why }) => `\n  line ${line}: ${why}`).join('');
  if (outcome === 'unchanged') return `${source}: nothing new.`;
  return outcome === 'accepted' ? `${source}: ${counted}.${examples}` : `${source}: ${outcome}: ${reason ?? ''} (${counted}).${examples}`;
}

function told(freshness: Freshness): string {
  if (freshness.state === 'none') return 'No master: bundled instruments only.';
  return `Master of ${indianTime(freshness.asOf)} from ${freshness.source}, ${freshness.instruments} instruments${freshness.state === 'stale' ? `: STALE, ${freshness.ageDays} days old` : ''}.`;
}

/** The bundle can be searched before there is any state; a refresh needs a place to keep what it fetches. */
function homeOf(isRefresh: boolean, { home }: Options, world: World): string {
  if (home !== undefined) return path.resolve(world.workingDirectory, home);
  try {
    return findHome(undefined, world);
  } catch (error) {
    if (!isRefresh && error instanceof HomeNotFound) return ':memory:';
    throw error;
  }
}

function openAlgoOf({ openalgo: url }: Options, { env }: World): { readonly openAlgo?: { readonly url: string; readonly apiKey: string } } {
  if (url === undefined) return {};
  const apiKey = env[KEY_VARIABLE];
  if (apiKey === undefined || apiKey === '') throw new UsageError(`--openalgo needs the API key in the environment: ${KEY_VARIABLE}.`);
  return { openAlgo: { url, apiKey } };
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > MOST_RESULTS) throw new UsageError(`--limit is a whole number from 1 to ${MOST_RESULTS}, not "${text}".`);
  return limit;
}

function logTo(world: World): Log {
  const say = (_: object, message: string): void => world.err(`bellwether: ${message}\n`);
  return { debug: () => undefined, info: () => undefined, warn: say, error: say };
}
