import { addDays, indiaDate, indiaTime } from '../../runtime/domain/session';
import type { Instrument } from '../../runtime/domain/market';
import type { EpochMs } from '../../runtime/domain/time';
import type { TriggerContext } from '../../runtime/domain/trigger';
import { symbolQueries } from '../symbolList';
import type { MarketTriggerParams } from './parameters';
import { instrumentsOf } from './symbols';
import type { End } from './watch';

/** Before the first exchange opens (MCX, 09:00), and after the last one has closed. */
const ROLL_TIME = '08:30';
/** `NIFTY1!`: the contract of the nearest expiry, another one after it. */
const CONTINUOUS = /\d!$/;

/** Watches the instruments of a node; a continuous symbol is read anew each morning, and the watch moves to the next contract when the old one has expired. */
export function watchContracts(params: Pick<MarketTriggerParams, 'symbols' | 'exchange'>, context: TriggerContext, first: readonly Instrument[], watch: (instrument: Instrument) => End): void {
  const watched = new Map<string, End>();

  function follow(instruments: readonly Instrument[]): void {
    const wanted = new Set<string>(instruments.map(({ key }) => key));
    for (const [key, end] of [...watched]) {
      if (wanted.has(key)) continue;
      end();
      watched.delete(key);
    }
    for (const instrument of instruments) if (!watched.has(instrument.key)) watched.set(instrument.key, watch(instrument));
  }

  follow(first);
  if (!symbolQueries(params.symbols, params.exchange).some(({ symbol }) => CONTINUOUS.test(symbol))) return;
  context.onSchedule(nextRoll, () => {
    const instruments = instrumentsOf(params, context);
    if (instruments.ok) follow(instruments.value);
    else context.status(`still watching the old contracts: ${instruments.denial.message}`);
  });
}

function nextRoll(after: EpochMs): EpochMs {
  const today = indiaTime(indiaDate(after), ROLL_TIME);
  return today > after ? today : indiaTime(addDays(indiaDate(after), 1), ROLL_TIME);
}
