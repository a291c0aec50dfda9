import type { Denial } from '../../runtime/domain/denial';
import type { Envelope, OrderView, PositionView } from '../../runtime/domain/envelope';
import type { Exchange } from '../../runtime/domain/market';
import type { CommandResult } from '../../runtime/domain/nodeContext';
import { withText } from '../../runtime/domain/orderText';
import type { Conclusion } from '../../runtime/hosts/definition';

/** One instrument's positions over strategies and products in one figure. The average price is given where there is only one. */
export interface NetPosition {
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly quantity: number;
  readonly averagePrice?: number;
  readonly lastPrice?: number;
  readonly realisedPnl: number;
  readonly unrealisedPnl: number;
  readonly charges: number;
}

export function netPosition(of: { readonly exchange: Exchange; readonly symbol: string }, held: readonly PositionView[]): NetPosition {
  const [first, second] = held;
  const single = second === undefined ? first : undefined;
  const sum = (pick: (view: PositionView) => number | undefined): number => held.reduce((total, view) => total + (pick(view) ?? 0), 0);
  return {
    ...of,
    quantity: sum((view) => view.quantity),
    ...(single?.averagePrice === undefined ? {} : { averagePrice: single.averagePrice }),
    ...(first?.lastPrice === undefined ? {} : { lastPrice: first.lastPrice }),
    realisedPnl: sum((view) => view.realisedPnl),
    unrealisedPnl: sum((view) => view.unrealisedPnl),
    charges: sum((view) => view.charges),
  };
}

/** What became of one position that was to be closed. */
interface Closing {
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly strategyId: string;
  readonly status: 'closing' | 'refused' | 'nothing to close';
  /** Of a position above the freeze quantity: the last of `orders`. */
  readonly order?: OrderView;
  /** All of them, where one order was not enough. */
  readonly orders?: readonly OrderView[];
  readonly denial?: Denial;
}

/** The item after closing: a truthful entry per position. Raised as an error when `strict` and one was refused, or when all were. */
export function closed(item: Envelope, results: readonly CommandResult[], strict: boolean): Conclusion<'result'> {
  const closings = results.flatMap((result) => (result.kind === 'close' ? [closingOf(result)] : []));
  const refused = closings.flatMap(({ denial }) => (denial === undefined ? [] : [denial]));
  const cancelled = results.find((result) => result.kind === 'cancelAll');
  if (refused[0] !== undefined && (strict || refused.length === closings.length)) return { kind: 'refuse', denial: refused[0] };
  const orders = cancelled === undefined ? {} : { cancelledOrders: cancelled.cancelled, failedCancellations: cancelled.failed };
  return { kind: 'emit', emissions: [{ port: 'result', item: { ...item, ...orders, closings, closedCount: closings.length - refused.length, failedCount: refused.length } }] };
}

function closingOf({ position, outcomes }: Extract<CommandResult, { kind: 'close' }>): Closing {
  const { exchange, symbol, strategyId } = position;
  const of = { exchange, symbol, strategyId };
  const orders = outcomes.flatMap((outcome) => (outcome.kind !== 'satisfied' && outcome.order !== undefined ? [withText(outcome.order)] : []));
  const order = orders.at(-1);
  const shown = { ...(order === undefined ? {} : { order }), ...(orders.length > 1 ? { orders } : {}) };
  const refusal = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refusal !== undefined) return { ...of, status: 'refused', denial: refusal.denial, ...shown };
  return { ...of, status: order === undefined ? 'nothing to close' : 'closing', ...shown };
}
