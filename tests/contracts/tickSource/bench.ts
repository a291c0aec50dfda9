import type { Tick, TickConnection, TickListener, TickSource } from '../../../runtime/domain/feed';
import type { InstrumentKey } from '../../../runtime/domain/market';

/** A source under test, with what makes it speak. */
export interface SourceBench {
  readonly source: TickSource;
  /** Three instruments that it serves. */
  readonly instruments: readonly [InstrumentKey, InstrumentKey, InstrumentKey];
  /** One that it does not. */
  readonly unknown: InstrumentKey;
  /** Makes the source say something of every subscribed instrument, now or soon. */
  stir(): Promise<void> | void;
  close(): Promise<void>;
}

/** What a connection was told, with a wait for more of it. */
export interface Ear {
  readonly listener: TickListener;
  readonly ticks: Tick[];
  readonly lost: string[];
  readonly heard: () => number;
  /** Stirs the source until `enough` says so. */
  readonly until: (enough: () => boolean, bench: Pick<SourceBench, 'stir'>) => Promise<void>;
}

/** About a second of turns of the event loop: the simulated market ticks by a real timer. */
const MOST_STIRS = 200_000;

export function ear(): Ear {
  const ticks: Tick[] = [];
  const lost: string[] = [];
  let heard = 0;
  return {
    ticks, lost,
    heard: () => heard,
    listener: { tick: (tick) => void ticks.push(tick), heard: () => { heard += 1; }, lost: (reason) => void lost.push(reason) },
    async until(enough, bench) {
      for (let stir = 0; !enough(); stir += 1) {
        if (stir >= MOST_STIRS) throw new Error('The source did not do what was waited for.');
        await bench.stir();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

export async function connected(source: TickSource, listener: TickListener): Promise<TickConnection> {
  const outcome = await source.connect(listener);
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return outcome.value;
}
