import { readTimeframe, type Source } from '../../domain/condition';
import { deny, ok, type Outcome } from '../../domain/denial';
import type { CandleBook, CandleRequest, ConditionWish, SeenCandle, SeriesBook, SeriesRequest, SeriesSnapshot } from '../../domain/feed';
import type { InstrumentKey } from '../../domain/market';
import { demandsOf, FrameSeries, resolveSource, type Demands, type Resolved } from '../../domain/series';
import type { TradingCalendar } from '../../domain/session';
import type { EpochMs } from '../../domain/time';
import { RANK, type Agenda } from './agenda';
import { frameOf, type ColumnFrame } from './frames';
import type { VirtualMarket } from './market';
import { TRUE, truthsOf, UNKNOWN } from './truths';

export interface BookPorts {
  readonly market: VirtualMarket;
  readonly agenda: Agenda;
  readonly calendar: TradingCalendar;
  /** Candles that had closed by then are none of a watch's business. */
  readonly begins: EpochMs;
}

/** Candles and series over columns: what a live book builds of ticks is here already, and shown when it has closed. */
export interface VirtualBooks {
  readonly candles: CandleBook;
  readonly series: SeriesBook;
  /** Closed candles that watches were shown. */
  shown(): number;
}

/** Longer than any track has orders of timeframes: places of candles that close together are by track, then length, then watch. */
const PLACES = 1_000_000;

export function createBooks({ market, agenda, calendar, begins }: BookPorts): VirtualBooks {
  const frames = new Map<string, Outcome<ColumnFrame>>();
  const demands = new Map<string, Demands>();
  /** By the source of a parsed condition, which lives as long as its node: conditions that say the same have sources of their own. */
  const resolved = { talib: new WeakMap<Source, Resolved>(), pine: new WeakMap<Source, Resolved>() };

  function resolve(source: Source, { convention }: SeriesRequest): Resolved {
    const known = resolved[convention].get(source) ?? resolveSource(source, convention);
    resolved[convention].set(source, known);
    return known;
  }
  let watches = 0;
  let shown = 0;

  function frame(key: InstrumentKey, timeframe: string): Outcome<ColumnFrame> {
    const name = `${timeframe} ${key}`;
    const known = frames.get(name);
    if (known !== undefined) return known;
    const track = market.track(key);
    const made = track === undefined ? noData(key) : frameOf(track.data, timeframe, calendar, () => market.now());
    frames.set(name, made);
    return made;
  }

  function demandOf({ timeframe, convention, lookups }: SeriesRequest): Demands {
    const name = `${timeframe} ${convention} ${lookups.map(({ text }) => text).join()}`;
    const known = demands.get(name);
    if (known !== undefined) return known;
    const made = demandsOf(lookups, timeframe, convention);
    if (demands.size > 1_000) demands.clear();
    demands.set(name, made);
    return made;
  }

  /** Closed candles only: `asOf` in the future is now. */
  function snapshot(request: SeriesRequest, asOf: EpochMs = market.now()): Outcome<SeriesSnapshot> {
    const moment = Math.min(asOf, market.now());
    const asked = demandOf(request);
    const byText = new Map<string, ColumnFrame>();
    for (const { timeframe } of [asked.own, ...asked.others]) {
      const made = frame(request.instrument.key, timeframe);
      if (!made.ok) return made;
      byText.set(timeframe, made.value);
    }
    const own = byText.get(asked.own.timeframe);
    const position = own?.newest(moment);
    const newest = position === undefined ? undefined : own?.seen(position);
    if (own === undefined || position === undefined || newest === undefined) return deny('NOT_READY', `No candle of ${request.instrument.key} in ${request.timeframe} has closed yet.`);
    const series = new FrameSeries({ own, moment, frame: (timeframe) => byText.get(asked.timeframeOf(timeframe)), resolve: (source) => resolve(source, request) });
    return ok({ instrument: request.instrument, newest, series, candles: position + 1 });
  }

  /** Calls `show` with every candle of the frame that closes from now on, or with those that `next` names. */
  function follow(request: CandleRequest, of: ColumnFrame, show: (position: number) => void | Promise<void>, next: (position: number) => number = (position) => position): () => void {
    const from = Math.max(market.now(), begins);
    const timeframe = readTimeframe(request.timeframe) ?? request.timeframe;
    watches += 1;
    const place = ((market.track(request.instrument.key)?.order ?? 0) * PLACES) + watches;
    let position = next((of.newest(from) ?? -1) + 1);
    let cancel = (): void => undefined;
    const plan = (): void => {
      const due = of.until(position);
      if (due === undefined) return;
      cancel = agenda.plan(due, RANK.candle, () => {
        const closed = position;
        position = next(position + 1);
        plan();
        shown += 1;
        return show(closed);
      }, place + lengthPlace(timeframe));
    };
    plan();
    return () => cancel();
  }

  /** The next candle at or behind a position on which a condition may have something to say. */
  function worthALook(request: SeriesRequest, own: ColumnFrame, { condition, again }: ConditionWish): (position: number) => number {
    const asked = demandOf(request);
    const truths = truthsOf(condition, {
      own, resolve: (source) => resolve(source, request),
      frame: (timeframe) => {
        const made = frame(request.instrument.key, asked.timeframeOf(timeframe));
        return made.ok ? made.value : undefined;
      },
    });
    let before = UNKNOWN;
    return (from) => {
      let position = from;
      for (let truth = truths[position]; truth !== undefined; truth = truths[position]) {
        if (again === 'whileTrue' ? truth === TRUE : truth !== UNKNOWN && truth !== before) {
          before = truth;
          return position;
        }
        position += 1;
      }
      return position;
    };
  }

  /** The candle that has begun and not ended, from the ticks that were seen of it. */
  function formingOf({ instrument, timeframe }: CandleRequest): SeenCandle | undefined {
    const made = frame(instrument.key, readTimeframe(timeframe) ?? timeframe);
    const track = market.track(instrument.key);
    if (!made.ok || track === undefined) return undefined;
    market.latest(instrument.key);
    const position = (made.value.newest(market.now()) ?? -1) + 1;
    const start = made.value.columns.time[position];
    const candle = start === undefined || start > market.now() ? undefined : track.forming(start);
    return candle === undefined ? undefined : { candle, incomplete: false, until: made.value.until(position) ?? NaN };
  }

  return {
    shown: () => shown,
    candles: {
      watch(request, listener, { forming = false } = {}) {
        const made = frame(request.instrument.key, request.timeframe);
        if (!made.ok) throw new UnknownFrame(made.denial.message);
        const leave = follow(request, made.value, (position) => {
          const seen = made.value.seen(position);
          return seen === undefined ? undefined : listener(seen);
        });
        const untap = forming ? market.feed.tap(request.instrument.key, () => {
          const seen = formingOf(request);
          return seen === undefined ? undefined : listener(seen);
        }) : (): void => undefined;
        return () => {
          leave();
          untap();
        };
      },
      closed(request, { limit, asOf }) {
        const made = frame(request.instrument.key, readTimeframe(request.timeframe) ?? request.timeframe);
        if (!made.ok) return Promise.resolve(made);
        const newest = made.value.newest(Math.min(asOf ?? market.now(), market.now())) ?? -1;
        const seen: SeenCandle[] = [];
        for (let position = Math.max(0, newest - limit + 1); position <= newest; position += 1) {
          const candle = made.value.seen(position);
          if (candle !== undefined) seen.push(candle);
        }
        return Promise.resolve(ok(seen));
      },
      forming: (request) => formingOf(request),
    },
    series: {
      at: (request, asOf) => Promise.resolve(snapshot(request, asOf)),
      watch(request, listener, wish) {
        const made = frame(request.instrument.key, demandOf(request).own.timeframe);
        if (!made.ok) throw new UnknownFrame(made.denial.message);
        return follow(request, made.value, () => {
          const seen = snapshot(request);
          return seen.ok ? listener(seen.value) : undefined;
        }, wish === undefined ? undefined : worthALook(request, made.value, wish));
      },
    },
  };
}

/** Short candles before long ones. */
function lengthPlace(timeframe: string): number {
  return /m$/.test(timeframe) ? 0 : /h$/.test(timeframe) ? PLACES / 4 : PLACES / 2;
}

function noData(key: InstrumentKey): Outcome<never> {
  return deny('NOT_SUPPORTED', `There are no candles of ${key}.`, { field: 'symbols', value: key, remedy: 'Give data of it, or take it out of the flow.' });
}

/** A watch of something that there is no data of: the trigger can not start. */
export class UnknownFrame extends Error {
  override readonly name = 'UnknownFrame';
}
