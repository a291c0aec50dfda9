import type { Envelope } from '../../runtime/domain/envelope';
import type { SeenCandle, Tick } from '../../runtime/domain/feed';
import type { Instrument } from '../../runtime/domain/market';
import { fromMoney } from '../../runtime/domain/money';
import type { EpochMs } from '../../runtime/domain/time';
import { candleView } from '../asOf';
import { wordsOf } from '../symbolList';
import type { MarketTriggerParams } from './parameters';

type Said = Pick<MarketTriggerParams, 'signalName' | 'tags'>;

/** A candle's item: `candle` with its timeframe, `signal.price` its close. */
export function candleItem(instrument: Instrument, seen: SeenCandle, timeframe: string, params: Said, at: EpochMs): Envelope {
  return { ...itemOf(instrument, at, seen.candle.close, params), candle: candleView(seen, timeframe) };
}

/** A tick's item: `quote` as a Market Data node gives it. */
export function tickItem(instrument: Instrument, { last, bid, ask, at, dayVolume, lastQuantity }: Tick, params: Said): Envelope {
  const optional = {
    ...(bid === undefined ? {} : { bid: fromMoney(bid) }), ...(ask === undefined ? {} : { ask: fromMoney(ask) }),
    ...(dayVolume === undefined ? {} : { dayVolume }), ...(lastQuantity === undefined ? {} : { lastQuantity }),
  };
  return { ...itemOf(instrument, at, fromMoney(last), params), quote: { last: fromMoney(last), ...optional, at } };
}

/** The runtime gives the signal its id. */
function itemOf({ exchange, symbol }: Instrument, at: EpochMs, price: number, { signalName, tags }: Said): Envelope {
  const words = wordsOf(tags ?? '');
  return {
    v: 1,
    signal: { id: 'market', source: 'market', at, ...(price > 0 ? { price } : {}), ...(signalName === undefined ? {} : { name: signalName }) },
    exchange, symbol, ...(words.length === 0 ? {} : { tags: words }),
  };
}
