import { tradesOf, type AlertMark, type BacktestResult, type BacktestWarning, type NodeLane, type ReasonedFill, type TradeReason } from '../../domain/backtest';
import { orderOf, type BookedOrder } from '../../domain/ledger/bookedOrder';
import { fromMoney, toMoney } from '../../domain/money';
import { PROTECTION_NODE, type Protection } from '../../domain/protection';
import { equityOf, type Track } from '../../services/replay';
import type { BacktestRequest } from './backtestRequest';
import type { Compiled, ReadyNode } from './compile';
import type { World } from './world';

export interface ResultParts {
  readonly request: BacktestRequest;
  readonly world: World;
  readonly tracks: readonly Track[];
  readonly ready: ReadonlyMap<string, ReadyNode>;
  readonly flow: Pick<Compiled, 'refusals' | 'because'>;
  readonly lanes: readonly NodeLane[];
  readonly warnings: readonly BacktestWarning[];
  readonly stoppedEarly: boolean;
}

const SAFETY_CAUSES: Readonly<Record<string, string>> = { squareOff: 'square-off', dailyLoss: 'daily loss', killSwitch: 'kill switch' };

/** Everything that was decided, as data. */
export function resultOf({ request: { name, terms }, world, tracks, ready, flow, lanes, warnings, stoppedEarly }: ResultParts): BacktestResult {
  const { rows, alertBook, protections } = world.store;
  const names = new Map([...ready.values()].map(({ nodeKey, node }) => [nodeKey, node.name]));
  const guards = new Map(protections.all().map((each) => [each.id, each]));
  const capital = toMoney(terms.account.capital);
  const until = stoppedEarly ? world.now() : terms.until;

  const reasonOf = (order: BookedOrder): TradeReason => {
    const { id: orderId, signalId, nodeKey } = order;
    const guard = nodeKey === PROTECTION_NODE ? guards.get(signalId) : undefined;
    if (guard !== undefined) return { ...guardReason(guard), ...triggerOf(guard.signalId), orderId, signalId };
    if (nodeKey === 'safety') return { by: SAFETY_CAUSES[signalId.split(' ')[0] ?? ''] ?? 'safety', orderId, signalId };
    return { by: names.get(nodeKey) ?? nodeKey, ...flow.because(nodeKey, signalId), orderId, signalId };
  };
  const triggerOf = (signalId: string): Pick<TradeReason, 'trigger'> => {
    const { trigger } = flow.because('', signalId);
    return trigger === undefined ? {} : { trigger };
  };
  const own = rows.fills.flatMap((fill): readonly ReasonedFill[] => {
    const order = rows.orders.get(fill.orderId);
    return order === undefined ? [] : [{ fill, strategyId: order.strategyId, instrument: order.instrument, product: order.product, action: order.action, reason: reasonOf(order) }];
  });
  const broker = world.adopted.map(({ by, ...trade }): ReasonedFill => ({ ...trade, reason: { by, orderId: trade.fill.orderId, signalId: '' } }));
  const fills = [...own, ...broker].sort((one, other) => one.fill.happenedAt - other.fill.happenedAt);

  return {
    name, mode: 'backtest', from: terms.from, until, capital,
    trades: tradesOf(fills, (instrument) => world.market.latest(instrument)?.last),
    intents: [...rows.intents.values()],
    orders: [...rows.orders.values()].map(orderOf),
    fills: fills.map(({ fill }) => fill),
    equity: equityOf({ tracks, fills, capital, from: terms.from, until }),
    refusals: flow.refusals,
    alerts: [...alertBook.values()].map(({ happenedAt: at, severity, message }): AlertMark => ({ at, severity, message })),
    lanes, stoppedEarly,
    warnings: [...warnings, ...openAtEnd(world)],
  };
}

function guardReason({ exitReason = 'closed', stopLevel, targetLevel }: Protection): Pick<TradeReason, 'by' | 'because'> {
  const level = exitReason === 'stop' ? stopLevel : exitReason === 'target' ? targetLevel : undefined;
  return { by: exitReason === 'time' ? 'time stop' : exitReason, ...(level === undefined ? {} : { because: `${exitReason} at ${fromMoney(level)}` }) };
}

function openAtEnd({ store: { rows } }: World): readonly BacktestWarning[] {
  const warnings: BacktestWarning[] = [];
  if (rows.open.size > 0) warnings.push({ code: 'OPEN_ORDERS', message: `${rows.open.size} orders had not ended when the data did: nothing could fill them any more.`, count: rows.open.size });
  if (rows.held.size > 0) warnings.push({ code: 'OPEN_POSITIONS', message: `${rows.held.size} positions were open at the end; they are valued at the last price, the cost of closing them left out.`, count: rows.held.size });
  return warnings;
}
