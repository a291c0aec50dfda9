import { tickSizeAt } from '../instrument';
import type { Instrument, Quote } from '../market';
import { asMoney, type Money } from '../money';

/** The lowest and the highest price of the day, both allowed. */
export interface Band {
  readonly low: Money;
  readonly high: Money;
}

/**
 * Percent around the close of the day before. Shares have bands of 2, 5, 10 or 20 %: which one is not known here, and so it is the widest. NSE's operating range of futures
 * is 10 %; that of options depends on their delta, and is left out.
 */
const PERCENT: Readonly<Record<Instrument['segment'], number | undefined>> = { cash: 20, future: 10, option: undefined, index: undefined };

/** The day's price band. Undefined where the source does not tell the close of the day before, and where there is no band. */
export function bandOf(instrument: Instrument, { previousClose }: Quote): Band | undefined {
  const percent = PERCENT[instrument.segment];
  if (percent === undefined || previousClose === undefined) return undefined;
  const range = (previousClose * percent) / 100;
  const tick = tickSizeAt(instrument, previousClose);
  return { low: asMoney(Math.max(tick, Math.ceil((previousClose - range) / tick) * tick)), high: asMoney(Math.floor((previousClose + range) / tick) * tick) };
}
