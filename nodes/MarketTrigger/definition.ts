import { readTimeframe, type Condition } from '../../runtime/domain/condition';
import { ok, type Outcome } from '../../runtime/domain/denial';
import { defineSourceTrigger } from '../../runtime/hosts/definition';
import { COMPLETIONS } from '../completions';
import { createBoard } from './board';
import { watchContracts } from './contracts';
import { MarketTriggerParams } from './parameters';
import { conditionOf, meaningOfForm } from './reading';
import { instrumentsOf } from './symbols';
import { watchCandles, watchCondition, watchTicks } from './watch';

/** The tick source as a trigger. It is evaluated in the runtime: a flow starts only when it fires. */
export const marketTrigger = defineSourceTrigger({
  type: 'marketTrigger',
  title: 'Market Trigger',
  description: 'Starts the flow on ticks, closed candles or when a condition becomes true',
  version: 1,
  outputs: [{ port: 'signal', label: 'Signal' }],
  connections: [],
  subtitleParams: ['symbols', 'timeframe', 'condition'],
  meaning: { params: ['fires', 'symbols', 'timeframe', 'condition', 'again'], of: meaningOfForm, completions: COMPLETIONS },
  params: MarketTriggerParams,
  start(params, context) {
    const instruments = instrumentsOf(params, context);
    if (!instruments.ok) return instruments;
    const condition = wantedCondition(params);
    if (!condition.ok) return condition;
    // The parameters are refused before this where it is none.
    const timeframe = readTimeframe(params.timeframe) ?? params.timeframe;
    const board = createBoard(instruments.value.length, params.fires === 'tick' ? 'ticks' : timeframe, (text) => context.status(text));
    watchContracts(params, context, instruments.value, (instrument) => {
      const watched = { instrument, params, timeframe, context, board };
      if (condition.value !== undefined) return watchCondition(watched, condition.value);
      return params.fires === 'candle' ? watchCandles(watched) : watchTicks(watched);
    });
    return ok(undefined);
  },
});

function wantedCondition({ fires, condition }: MarketTriggerParams): Outcome<Condition | undefined> {
  return fires === 'condition' ? conditionOf(condition) : ok(undefined);
}
