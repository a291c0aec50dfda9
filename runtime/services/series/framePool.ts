import { deny, ok, type Outcome } from '../../domain/denial';
import type { CandleBook } from '../../domain/feed';
import type { Instrument } from '../../domain/market';
import type { Clock, Log } from '../../domain/ports';
import type { Demand, Demands, FrameCandle, HistoryFrame, LiveFrame } from '../../domain/series';
import type { EpochMs } from '../../domain/time';
import { FrameKeeper } from './frameKeeper';
import { createUses } from './uses';

export interface FramePoolOptions {
  readonly candles: CandleBook;
  readonly sessionOpen: (instrument: Instrument, time: EpochMs) => EpochMs | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly states: number;
  readonly lingerMs: number;
  readonly kept: number;
}

type CandleListener = (candle: FrameCandle) => void | Promise<void>;

/** Frames of every instrument and timeframe in use, one each. */
export interface FramePool {
  /** Keeps everything that is demanded alive and calls the listener with each candle of the own timeframe, after every indicator of it. */
  watch(instrument: Instrument, demands: Demands, listener: CandleListener): () => void;
  ensure(instrument: Instrument, demands: Demands): Promise<Outcome<true>>;
  catchUp(instrument: Instrument, timeframe: string, at: EpochMs): Promise<Outcome<true>>;
  frame(instrument: Instrument, timeframe: string): LiveFrame | undefined;
  past(instrument: Instrument, demand: Demand, asOf: EpochMs): Promise<Outcome<HistoryFrame>>;
  close(): void;
}

const CLOSING = deny('NOT_READY', 'The runtime is closing.');

interface Pooled {
  readonly keeper: FrameKeeper;
  readonly listeners: Set<CandleListener>;
}

export function createFramePool(options: FramePoolOptions): FramePool {
  const { candles, sessionOpen, clock, kept } = options;
  const pooled = new Map<string, Pooled>();
  let closed = false;
  const isClosed = (): boolean => closed;
  const uses = createUses({ ...options, release: ({ frame, study }) => {
    if (study !== undefined) pooled.get(frame)?.keeper.drop(study);
    else {
      pooled.get(frame)?.keeper.close();
      pooled.delete(frame);
    }
  } });

  const keeperOf = (instrument: Instrument, timeframe: string): Pooled => {
    const key = frameKey(instrument, timeframe);
    uses.touch({ frame: key }, clock.now());
    const known = pooled.get(key);
    if (known !== undefined) return known;
    const listeners = new Set<CandleListener>();
    const keeper = new FrameKeeper({
      request: { instrument, timeframe }, candles, kept, sessionAt: (time) => sessionOpen(instrument, time),
      onCandle: async (candle) => {
        uses.prune(clock.now());
        await Promise.all([...listeners].map(async (listener) => { await listener(candle); }));
      },
    });
    const made = { keeper, listeners };
    pooled.set(key, made);
    return made;
  };
  const touch = (instrument: Instrument, demands: Demands): void => {
    for (const use of usesOf(instrument, demands)) uses.touch(use, clock.now());
    uses.prune(clock.now());
  };

  return {
    watch(instrument, demands, listener) {
      const own = keeperOf(instrument, demands.own.timeframe);
      own.listeners.add(listener);
      const held = usesOf(instrument, demands);
      for (const use of held) uses.hold(use, clock.now());
      return () => {
        own.listeners.delete(listener);
        for (const use of held) uses.letGo(use, clock.now());
      };
    },
    async ensure(instrument, demands) {
      if (isClosed()) return CLOSING;
      touch(instrument, demands);
      for (const demand of [demands.own, ...demands.others]) {
        const ready = await keeperOf(instrument, demand.timeframe).keeper.ensure(demand);
        if (!ready.ok) return ready;
        if (isClosed()) return CLOSING;
      }
      return ok(true);
    },
    async catchUp(instrument, timeframe, at) {
      const { keeper } = pooled.get(frameKey(instrument, timeframe)) ?? {};
      return keeper?.frame === undefined ? ok(true) : keeper.catchUp(keeper.frame, at);
    },
    frame: (instrument, timeframe) => pooled.get(frameKey(instrument, timeframe))?.keeper.frame,
    past: async (instrument, demand, asOf) => (closed ? CLOSING : keeperOf(instrument, demand.timeframe).keeper.past(demand, asOf)),
    close() {
      closed = true;
      for (const { keeper } of pooled.values()) keeper.close();
      pooled.clear();
    },
  };
}

function frameKey({ key }: Instrument, timeframe: string): string {
  return `${key} ${timeframe}`;
}

/** The frames of the demands, each followed by its indicators. */
function usesOf(instrument: Instrument, { own, others }: Demands): readonly { readonly frame: string; readonly study?: string }[] {
  return [own, ...others].flatMap(({ timeframe, studies }) => {
    const frame = frameKey(instrument, timeframe);
    return [{ frame }, ...studies.map(({ key }) => ({ frame, study: key }))];
  });
}
