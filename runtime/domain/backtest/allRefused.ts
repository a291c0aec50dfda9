import type { Denial, DenialCode } from '../denial';
import { fromMoney } from '../money';
import type { Intent } from '../order';
import type { RiskLimits } from '../risk';
import type { BacktestResult, BacktestWarning } from './result';

type Looked = Pick<BacktestResult, 'mode' | 'capital' | 'trades' | 'intents' | 'orders' | 'refusals'>;

/**
 * Why a result holds no trade, where the answer is that everything was refused: how many orders, by which rule, and what to do about it. Undefined where something was traded, where
 * an order went out and was not filled, and where nothing was wanted at all.
 */
export function allRefused(result: Looked): BacktestWarning | undefined {
  if (result.trades.length > 0) return undefined;
  const refused = refusedOrders(result);
  if (refused === undefined) return undefined;
  return refused.length === 0 ? refusedBefore(result) : told(refused, result);
}

interface RefusedOrder {
  readonly intent: Intent;
  readonly denial: Denial;
}

/** Undefined where an order was not refused. What needed no order (a target that was reached, an exit of nothing) was none. */
function refusedOrders({ intents, orders }: Looked): readonly RefusedOrder[] | undefined {
  const byIntent = new Map(orders.map((order) => [order.intentKey, order]));
  const refused: RefusedOrder[] = [];
  for (const intent of intents) {
    if (intent.status === 'SATISFIED') continue;
    const order = byIntent.get(intent.key);
    const denial = intent.denial ?? (order?.status === 'REJECTED' ? order.denial : undefined);
    if (denial === undefined) return undefined;
    refused.push({ intent, denial });
  }
  return refused;
}

/** Nodes that refused before there was an order: a symbol nobody knows, no size. */
function refusedBefore({ refusals }: Looked): BacktestWarning | undefined {
  const [often] = [...Map.groupBy(refusals, ({ node, code }) => `${node} ${code}`).values()].sort((one, other) => other.length - one.length);
  const [first] = often ?? [];
  if (often === undefined || first === undefined) return undefined;
  return { code: 'ALL_REFUSED', message: `Nothing was traded: no order came about. "${first.node}" refused ${times(often.length)} with ${first.code}: ${sentence(first.message)}`, about: first.node, count: 1 };
}

function told(refused: readonly RefusedOrder[], result: Looked): BacktestWarning | undefined {
  const kinds = [...Map.groupBy(refused, ({ denial }) => denial.code)].sort(([, one], [, other]) => other.length - one.length);
  const [most] = kinds;
  const [first] = most?.[1] ?? [];
  if (most === undefined || first === undefined) return undefined;
  const [code, own] = most;
  const share = refused.length === 1 ? 'the only order was refused' : own.length === refused.length ? `all ${refused.length} orders were refused` : `${own.length} of ${refused.length} orders were refused`;
  const others = kinds.slice(1).map(([other, { length }]) => `${length} by ${other}`).join(', ');
  const remedy = result.mode === 'backtest' ? remedyOf(code, own, result) ?? first.denial.remedy : first.denial.remedy;
  return {
    code: 'ALL_REFUSED', message: `Nothing was traded: ${share} by ${code}${others === '' ? '' : ` (${others})`}. ${sentence(first.denial.message)}${remedy === undefined ? '' : ` ${sentence(remedy)}`}`, count: 1,
  };
}

/** Which limit of the account a rule goes by, for those that a backtest's words can widen. */
const LIMITS: { readonly [C in DenialCode]?: keyof RiskLimits } = {
  MAX_ORDER_QUANTITY: 'maxOrderQuantity', MAX_ORDER_VALUE: 'maxOrderValuePercent', PRICE_COLLAR: 'priceCollarPercent', MAX_POSITION: 'maxPosition', MAX_SYMBOL_EXPOSURE: 'maxSymbolExposure',
  MAX_OPEN_POSITIONS: 'maxOpenPositions', MAX_DAILY_ORDERS: 'maxDailyOrders',
};

/** What would have let them through. */
function remedyOf(code: DenialCode, refused: readonly RefusedOrder[], { capital }: Looked): string | undefined {
  if (code === 'INSUFFICIENT_FUNDS') return 'Raise the capital (--capital) or lower the quantity.';
  const limit = LIMITS[code];
  const worst = refused.reduce((most, { denial: { value } }) => Math.max(most, typeof value === 'number' ? value : NaN), 0);
  if (code === 'STALE_PRICE') return gapsRemedy(refused, worst);
  if (limit === undefined || !Number.isFinite(worst) || worst <= 0) return undefined;
  const wanted = limit === 'maxOrderValuePercent' ? (worst / fromMoney(capital)) * 100 : worst;
  const widen = refused.some(({ intent }) => intent.added?.limits?.[limit] !== undefined) ? `raise the limit in the flow's Risk Gate and in the account (--limit ${limit}=${enough(wanted)})` : `raise the limit (--limit ${limit}=${enough(wanted)})`;
  if (limit === 'maxOrderValuePercent') return `Raise the capital (--capital), lower the quantity, or ${widen}.`;
  if (limit === 'maxOrderQuantity' || limit === 'maxPosition' || limit === 'maxSymbolExposure') return `Lower the quantity, or ${widen}.`;
  return `${widen.charAt(0).toUpperCase()}${widen.slice(1)}.`;
}

/** Prices are old here where the next candle begins long after the one that was decided on: candles are missing, or longer than they are said to be. */
function gapsRemedy([first]: readonly RefusedOrder[], oldestMs: number): string {
  const pass = oldestMs > 0 ? `, or let older prices pass (--limit maxQuoteAgeMs=${enough(oldestMs)})` : '';
  return 'The candles have gaps here: the next one begins too late after the one that was decided on. Look at them with "bellwether data list": where most are further apart than the timeframe they are kept as, '
    + `take them out (bellwether data remove ${first?.intent.instrument ?? ''} --timeframe …) and import them again without --timeframe. Where only some are missing, bring those in${pass}.`;
}

/** The next of 1, 2, 5, 10, 20, 50 …: prices move, and what was just enough for one order is not for the next. */
function enough(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.ceil([1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
