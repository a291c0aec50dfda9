import type { RecordedCandles } from '../../domain/backtest';
import { fromMoney } from '../../domain/money';
import { indiaDate } from '../../domain/session';
import { MINUTE_MS } from '../../domain/time';
import type { BacktestSetup } from './task';

type Told = Pick<BacktestSetup, 'terms' | 'source' | 'orders' | 'hours'>;

/** What a report says of the terms, beside period and capital: data and where they came from, instruments, charges, slippage, limits. */
export function termRows({ terms: { data, account, charges }, source, orders = 'nextTick', hours = 'exchange' }: Told): readonly (readonly [label: string, value: string])[] {
  const { slippage, slippageTicks, slippagePercent, participationPercent, limits } = account;
  return [
    ['Data', data.map(candlesText).join('; ')],
    ...(source === undefined ? [] : [['Source', source] as const]),
    ['Instruments', data.map(instrumentText).join('; ')],
    ['Charges', charges === 'exchange' ? 'brokerage, taxes and fees of India, by date' : 'none'],
    ['Slippage', slippage === 'ticks' ? `spread and ${slippageTicks} ${slippageTicks === 1 ? 'tick' : 'ticks'}` : slippage === 'percent' ? `spread and ${slippagePercent} %` : slippage],
    ['Largest share of the volume', participationPercent === 0 ? 'any' : `${participationPercent} %`],
    ['Orders meet', orders === 'nextTick' ? 'the next price' : 'the newest price'],
    ['Limits', `one order ${limits.maxOrderValuePercent} % of the capital and ${limits.maxOrderQuantity} units, a position ${limits.maxPosition} units, a day's loss ${limits.maxDailyLossPercent} %, a day's orders ${limits.maxDailyOrders}`],
    ...(hours === 'always' ? [['Market hours', 'around the clock'] as const] : []),
  ];
}

function candlesText({ instrument, timeframeMs, columns: { time, length } }: RecordedCandles): string {
  const span = length === 0 ? '' : `, ${indiaDate(time[0] ?? 0)} to ${indiaDate(time[length - 1] ?? 0)}`;
  return `${instrument.key}: ${length.toLocaleString('en-IN')} candles of ${timeframeMs / MINUTE_MS} min${span}`;
}

function instrumentText({ instrument: { key, segment, lotSize, tickSize, freezeQuantity } }: RecordedCandles): string {
  return `${key}: ${segment}, lot ${lotSize}, tick ${tickSize === undefined ? 'by price' : fromMoney(tickSize)}${freezeQuantity === undefined ? '' : `, freeze ${freezeQuantity}`}`;
}
