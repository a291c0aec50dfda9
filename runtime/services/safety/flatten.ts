import { intentKey } from '../../domain/intentKey';
import type { Fence } from '../../domain/lease';
import { EXTERNAL_STRATEGY } from '../../domain/ledger/difference';
import type { Instrument } from '../../domain/market';
import { TERMINAL_STATUSES, type Origin } from '../../domain/order';
import type { Position } from '../../domain/position';
import { SECOND_MS } from '../../domain/time';
import { cancelOrder } from '../orderRouter/cancel';
import { alarm } from '../orderRouter/alarm';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';
import type { OrderRouter } from '../orderRouter/router';

/** Whose orders these are, in place of a node. */
const NODE_KEY = 'safety';
/** Exits of one position for one cause that follow each other at once; then people are told, and further ones are spaced. */
const QUICK_TRIES = 5;
const SPACE_MS = 20 * SECOND_MS;
/** Enough for the rest of a session; then it is a person's business. */
const MAX_TRIES = 500;

export interface Flattening {
  readonly ports: RouterPorts;
  readonly router: Pick<OrderRouter, 'placeInSlices'>;
  readonly account: RoutedAccount;
  readonly fence: Fence;
  /** What makes it one thing: `squareOff 2026-11-20`, `dailyLoss 1795152600000`. Part of the keys, so that whoever repeats it sends nothing twice. */
  readonly cause: string;
  /** For people: why. */
  readonly reason: string;
}

/** True for what is ours to close: a position that was traded by hand is its owner's. */
export function isOurs({ strategyId, quantity }: Position): boolean {
  return quantity !== 0 && strategyId !== EXTERNAL_STRATEGY;
}

/** Cancels the open entries that `concerns` is true for, so that nothing fills behind a close. Exits that rest stay: they are on the same side as the close, which is capped by the position. */
export async function cancelEntries({ ports, account, cause }: Flattening, concerns: (order: { readonly instrument: string; readonly product: string }) => boolean): Promise<void> {
  for (const order of await ports.store.openOrders(account.config.id)) {
    if (order.purpose !== 'entry' || !concerns(order)) continue;
    const origin: Origin = { account: order.account, strategyId: order.strategyId, nodeKey: NODE_KEY, signalId: cause };
    await cancelOrder(ports, account, origin, { kind: 'order', orderId: order.id });
  }
}

/**
 * Closes a position at market. One exit at a time: while one works nothing is added, after one that ended without closing everything the next try follows,
 * with a key of its own that is read off the journal. A crash on any line leaves either no order of this try, or one that the next look finds.
 */
export async function closeOnce(flattening: Flattening, position: Position): Promise<void> {
  const { ports, router, account, fence } = flattening;
  const instrument = ports.instruments.find(position.instrument);
  if (instrument === undefined) {
    await cannotClose(flattening, position, `${position.instrument} is no longer known: add it to the instruments override file`);
    return;
  }
  const next = await nextTry(flattening, position);
  if (next === 'working' || next === 'later' || next === 'spent') return;
  const { origin, tries } = next;
  if (tries > QUICK_TRIES) await cannotClose(flattening, position, `${QUICK_TRIES} exits came to nothing; it is tried again every ${SPACE_MS / SECOND_MS} s`);
  const action = position.quantity > 0 ? 'SELL' as const : 'BUY' as const;
  const results = await router.placeInSlices(account, origin, { instrument, leg: 0, purpose: 'exit', product: position.product, size: { kind: 'exit', quantity: Math.abs(position.quantity), action }, orderType: 'MARKET', fence });
  const refused = results.find((result) => result.kind === 'refused');
  if (refused?.kind === 'refused') ports.log.warn({ account: position.account, instrument: position.instrument, cause: flattening.cause, denial: refused.denial }, 'a position could not be closed; it is tried again');
}

/** Which exit is next. What was decided before, an order that ended or a wish that came to nothing, is a try that is over: its key is used up. Tries are spaced in time, for what is in the way may go. */
async function nextTry({ ports, cause }: Flattening, { account, strategyId, instrument, product }: Position): Promise<{ readonly origin: Origin; readonly tries: number } | 'working' | 'later' | 'spent'> {
  let decidedAt = -Infinity;
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const origin: Origin = { account, strategyId, nodeKey: NODE_KEY, signalId: `${cause} ${product} ${tries}` };
    const order = await ports.store.orderOfSignal({ ...origin, instrument, purpose: 'exit' });
    if (order !== undefined && !TERMINAL_STATUSES.has(order.status)) return 'working';
    const intent = await ports.store.intent(intentKey({ ...origin, instrument, leg: 0, purpose: 'exit' }));
    if (order === undefined && intent === undefined) {
      return tries > QUICK_TRIES && ports.clock.now() - decidedAt < SPACE_MS ? 'later' : { origin, tries };
    }
    decidedAt = Math.max(order?.updatedAt ?? -Infinity, intent?.recordedAt ?? -Infinity);
  }
  return 'spent';
}

/** Told once; looked at again with every look. */
async function cannotClose({ ports, cause, reason }: Flattening, position: Position, why: string): Promise<void> {
  await alarm(ports, {
    key: `${cause} ${position.strategyId} ${position.instrument} ${position.product} open`, account: position.account, kind: 'protectionFailed', strategyId: position.strategyId, instrument: position.instrument,
    message: `${reason}: the position of ${position.strategyId} in ${position.instrument} (${position.quantity}) could not be closed: ${why}. Close it at your broker.`, facts: { severity: 'critical', quantity: position.quantity },
  });
}

/** True for an instrument that trades now: outside of its session nothing can be closed. */
export function isTrading({ ports, account }: Pick<Flattening, 'ports' | 'account'>, instrument: Instrument | undefined): boolean {
  return instrument !== undefined && account.sessions.isOpen(instrument, ports.clock.now());
}
