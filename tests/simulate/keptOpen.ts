import { EXTERNAL_STRATEGY } from '../../runtime/domain/ledger/difference';
import type { Store } from '../../runtime/domain/ports';
import { remainingQuantity } from '../../runtime/domain/protection';
import { restingEntries } from '../../runtime/domain/safety';
import { ACCOUNTS, configOf } from './accounts';
import { isSquaredOff } from './squareOff';
import { isSameBook, type Book } from './watch';
import type { World } from './world';

/**
 * Positions that something wanted closed, and entries that a kill switch wanted cancelled, that are open although nothing has gone wrong for a while: by the kill switch, the day's loss, the end of the session, or a stop.
 * Left out is what may rightly be waited for: an order of unknown outcome in it, a trade by hand, a difference that nobody has explained.
 */
export async function keptOpen(journal: Store, world: World): Promise<readonly string[]> {
  const orders = await journal.openOrders();
  const differences = await journal.differences.list({ openOnly: true, limit: 10_000 });
  const mayWait = (book: Book): boolean => orders.some((order) => order.status === 'UNKNOWN' && order.account === book.account && order.instrument === book.instrument)
    || world.watch.isTradedByHand(book.account, book.instrument) || differences.some(({ account, instrument }) => account === book.account && instrument === book.instrument);
  const open = (await journal.positions({ openOnly: true })).filter((position) => position.strategyId !== EXTERNAL_STRATEGY && !mayWait(position));
  const found: string[] = [];
  for (const account of ACCOUNTS) {
    const why = await whyFlat(journal, account);
    for (const position of open.filter((held) => held.account === account)) {
      const cause = why ?? (isSquaredOff(position, world.clock.now()) ? 'intraday positions are squared off' : undefined);
      if (cause !== undefined) found.push(`${position.strategyId} holds ${position.quantity} of ${position.instrument} on ${account} although ${cause}`);
    }
  }
  const all = await journal.positions({ openOnly: true });
  for (const account of ACCOUNTS) {
    if (!(await journal.riskState(account)).killSwitch) continue;
    for (const entry of restingEntries(orders.filter((order) => order.account === account), all)) {
      if (entry.status !== 'UNKNOWN' && !mayWait(entry)) found.push(`${entry.strategyId}'s entry ${entry.id} in ${entry.instrument} rests on ${account} although the kill switch is on`);
    }
  }
  for (const protection of await journal.protections.live()) {
    const held = open.find((position) => isSameBook(position, protection));
    const isWanted = protection.status === 'EXITING' && protection.exitReason !== 'closed' && remainingQuantity(protection) > 0;
    if (held !== undefined && isWanted && held.quantity > 0 === (protection.direction === 'LONG')) found.push(`${protection.strategyId} holds ${held.quantity} of ${held.instrument} on ${held.account} although its ${protection.exitReason ?? 'protection'} was met`);
  }
  return found;
}

async function whyFlat(journal: Store, account: string): Promise<string | undefined> {
  const { flatten, lossLatchedAt } = await journal.riskState(account);
  if (flatten === true) return 'the kill switch asks for a flat account';
  return lossLatchedAt !== undefined && configOf(account, 0).safety.onDailyLoss === 'flatten' ? 'the day\'s loss limit was reached' : undefined;
}
