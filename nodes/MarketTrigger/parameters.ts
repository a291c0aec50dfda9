import { z } from 'zod';
import { readTimeframe } from '../../runtime/domain/condition';
import { Convention } from '../../runtime/domain/indicators/core/convention';
import { Exchange } from '../../runtime/domain/market';
import { field } from '../../runtime/hosts/field';

const MAX_CONDITION = 4_000;
const MAX_SYMBOLS_TEXT = 20_000;

export const MarketTriggerParams = z.object({
  fires: z.enum(['candle', 'condition', 'tick']).default('candle').register(field, {
    label: 'Fires', options: { candle: 'On Candle Close', condition: 'When a Condition Becomes True', tick: 'On Tick' },
    help: 'It is watched in the background. The flow starts only when there is something to say.',
  }),
  symbols: z.string().min(1).max(MAX_SYMBOLS_TEXT).register(field, { label: 'Symbols', placeholder: 'SBIN, TCS, NSE_INDEX:NIFTY', help: 'One or many, separated by commas. Each is watched by itself.' }),
  exchange: Exchange.default('NSE').register(field, { label: 'Exchange', help: 'Of symbols that do not name their own, as NFO:NIFTY29DEC26FUT does.' }),
  timeframe: z.string().max(10).refine((text) => readTimeframe(text) !== undefined, 'write 1m, 5m, 15m, 1h, 1d or any whole multiple').default('5m').register(field, {
    label: 'Timeframe', placeholder: '5m', help: '1m, 5m, 15m, 1h, 1d or any whole multiple, cut from the session’s open.', showWhen: { fires: ['candle', 'condition'] },
  }),
  condition: z.string().max(MAX_CONDITION).optional().register(field, {
    label: 'Condition', control: 'code', placeholder: 'ema(9) crosses above ema(21) and rsi(14) < 70', showWhen: { fires: ['condition'] },
    help: 'Judged at each candle’s close. Compare values, join with and, or, not. One candle ago is [1], a higher timeframe @1h.',
  }),
  again: z.enum(['becomesTrue', 'whileTrue']).default('becomesTrue').register(field, {
    label: 'Fires Again', options: { becomesTrue: 'When It Becomes True Anew', whileTrue: 'On Every Candle While True' },
    help: 'Whether a condition that stays true says so once, or with each candle.', showWhen: { fires: ['condition'] },
  }),
  atStart: z.boolean().default(false).register(field, {
    label: 'Fire If True at Start', help: 'Whether a condition that was true before the watch began fires once, with the first candle.', section: 'Options', showWhen: { fires: ['condition'], again: ['becomesTrue'] },
  }),
  forming: z.boolean().default(false).register(field, {
    label: 'Include Forming Candle', help: 'Whether the newest candle is also given before it is closed, as ticks make it. Then candle.closed is false.', section: 'Options', showWhen: { fires: ['candle'] },
  }),
  minSeconds: z.number().min(0).max(3_600).default(1).register(field, {
    label: 'At Most Every', unit: 's', help: 'Shortest time between two ticks of a symbol, or two looks at its forming candle. 0 gives every one.', section: 'Options', showWhen: { fires: ['tick', 'candle'] },
  }),
  convention: Convention.default('talib').register(field, {
    label: 'Convention', options: { talib: 'TA-Lib', pine: 'TradingView (Pine)' }, help: 'Whose way of starting an average is followed. They agree once an indicator has warmed up.', section: 'Options', showWhen: { fires: ['condition'] },
  }),
  signalName: z.string().max(80).optional().register(field, { label: 'Signal Name', placeholder: 'ema-crossover', help: 'Travels with the item as signal.name.', section: 'Options' }),
  tags: z.string().max(200).optional().register(field, { label: 'Tags', placeholder: 'breakout, intraday', help: 'Words of your own, separated by commas. They travel with the item as tags.', section: 'Options' }),
});
export type MarketTriggerParams = z.infer<typeof MarketTriggerParams>;
