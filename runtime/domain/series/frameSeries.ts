import type { AsOf, Series, Source } from '../condition';
import type { EpochMs } from '../time';
import type { Frame, Unknown } from './frame';
import type { Resolved } from './resolve';

/** What a series of frames is made of. */
export interface FrameSeriesOptions {
  /** Candles of the flow's own timeframe. */
  readonly own: Frame;
  /** Candles of a timeframe that a reading names, in canonical text; undefined where there are none. */
  readonly frame: (timeframe: string) => Frame | undefined;
  readonly resolve: (source: Source) => Resolved;
  /** Everything is as of this moment: candles that closed later do not exist. */
  readonly moment: EpochMs;
}

interface Place {
  readonly frame: Frame;
  readonly position: number;
}

/** Values of frames as of one moment. Fields of the item are unknown here: whoever holds the item wraps this. */
export class FrameSeries implements Series {
  constructor(private readonly options: FrameSeriesOptions) {}

  value(source: Source, offset: number, timeframe: string | undefined, asOf?: AsOf): number | boolean | undefined {
    const what = this.options.resolve(source);
    if (what.kind === 'field') return undefined;
    const place = this.#place(offset, timeframe, asOf);
    return place?.frame.value(place.position, what);
  }

  why(source: Source, offset: number, timeframe: string | undefined, asOf?: AsOf): Unknown {
    const what = this.options.resolve(source);
    const place = what.kind === 'field' ? undefined : this.#place(offset, timeframe, asOf);
    return place?.frame.why(place.position, what) ?? 'no value yet';
  }

  #place(offset: number, timeframe: string | undefined, asOf: AsOf | undefined): Place | undefined {
    const frame = this.#frame(timeframe);
    const moment = asOf === undefined ? this.options.moment : this.#ago(asOf);
    const newest = moment === undefined ? undefined : frame?.newest(moment);
    return frame === undefined || newest === undefined ? undefined : { frame, position: newest - offset };
  }

  /** When the candle closed that was the newest `candles` candles ago. */
  #ago({ candles, timeframe }: AsOf): EpochMs | undefined {
    const frame = this.#frame(timeframe);
    const newest = frame?.newest(this.options.moment);
    return newest === undefined ? undefined : frame?.until(newest - candles);
  }

  #frame(timeframe: string | undefined): Frame | undefined {
    return timeframe === undefined ? this.options.own : this.options.frame(timeframe);
  }
}
