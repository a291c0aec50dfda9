import { fromMoney } from '../../../domain/money';
import type { Order } from '../../../domain/order';
import type { Position } from '../../../domain/position';
import { protectedPart } from '../../../domain/protection';
import { judgeTouch, type GroupEntry, type ReEntryStore, type ReEntryTerms, type ReEntryUse, type Touched } from '../../../domain/reEntry';
import type { EpochMs, IsoDate } from '../../../domain/time';
import type { BookedOrder } from '../../../domain/ledger/bookedOrder';
import type { EventBook } from './events';

type Asked = Pick<Order, 'account' | 'strategyId' | 'instrument' | 'product'> & { readonly group: string; readonly tradingDay: IsoDate };
type Own = Pick<Order, 'nodeKey' | 'signalId'>;
type Books = { readonly orders: ReadonlyMap<string, BookedOrder>; readonly positions: ReadonlyMap<string, Position> };

interface Row {
  entry: GroupEntry;
  ended: boolean;
}

/** Never filled, and over: it counts for nothing. */
const CAME_TO_NOTHING: ReadonlySet<string> = new Set(['REJECTED', 'CANCELLED', 'EXPIRED']);

/** Entries of groups as rows in memory; see the journal's for what each method promises. */
export class ReEntryBook implements ReEntryStore {
  readonly #rows = new Map<string, Row>();

  constructor(private readonly book: EventBook, private readonly books: () => Books) {}

  get hasWaiting(): boolean {
    for (const { entry, ended } of this.#rows.values()) if (entry.atCost && !ended) return true;
    return false;
  }

  use({ account, strategyId, instrument, product, group, tradingDay }: Asked, { orders, positions }: Books, own?: Own): ReEntryUse {
    const signals = new Set<string>();
    let lastAt: EpochMs | undefined;
    for (const { entry } of this.#rows.values()) {
      if (entry.account !== account || entry.strategyId !== strategyId || entry.instrument !== instrument || entry.tradingDay !== tradingDay || entry.group !== group) continue;
      if (own !== undefined && entry.signalId === own.signalId && entry.nodeKey === own.nodeKey) continue;
      const placed = orders.get(entry.orderId);
      if (placed === undefined || (CAME_TO_NOTHING.has(placed.status) && placed.filledQuantity === 0)) continue;
      signals.add(`${entry.nodeKey} ${entry.signalId}`);
      lastAt = Math.max(lastAt ?? -Infinity, entry.happenedAt);
    }
    if (lastAt === undefined) return { entries: signals.size };
    const changedAt = positions.get(`${product} ${instrument} ${strategyId}`)?.updatedAt ?? lastAt;
    return { entries: signals.size, lastAt: Math.max(lastAt, changedAt) };
  }

  add({ id: orderId, account, strategyId, nodeKey, signalId, instrument, product, action, quantity }: Order, heldBefore: number, { group, maximum, cooldownMs, atCost }: ReEntryTerms, tradingDay: IsoDate, happenedAt: EpochMs): void {
    if (protectedPart(heldBefore, action, quantity) === undefined) return;
    const isFirst = ![...this.#rows.values()].some(({ entry }) => entry.strategyId === strategyId && entry.instrument === instrument && entry.nodeKey === nodeKey && entry.signalId === signalId && entry.tradingDay === tradingDay);
    this.#rows.set(orderId, { ended: false, entry: { orderId, account, strategyId, nodeKey, signalId, instrument, product, action, tradingDay, group, maximum, cooldownMs, atCost: atCost && isFirst, happenedAt } });
  }

  of(orderId: string): Promise<GroupEntry | undefined> {
    return Promise.resolve(this.#rows.get(orderId)?.entry);
  }

  waiting(account: string): Promise<readonly GroupEntry[]> {
    return Promise.resolve([...this.#rows.values()].filter(({ entry, ended }) => entry.account === account && entry.atCost && !ended).map(({ entry }) => entry));
  }

  ready({ orderId, happenedAt }: Parameters<ReEntryStore['ready']>[0]): Promise<void> {
    const row = this.#rows.get(orderId);
    if (row !== undefined && !row.ended) row.entry = { ...row.entry, readyAt: happenedAt };
    return Promise.resolve();
  }

  touch(request: Parameters<ReEntryStore['touch']>[0]): Promise<Touched> {
    return Promise.resolve(this.#touch(request));
  }

  #touch({ orderId, entryPrice, happenedAt }: Parameters<ReEntryStore['touch']>[0]): Touched {
    const row = this.#rows.get(orderId);
    if (row?.entry.readyAt === undefined || row.ended) return 'nothing';
    const used = this.use(row.entry, this.books());
    const verdict = judgeTouch(row.entry, used, happenedAt);
    if (verdict.kind === 'cooling') {
      const entry: { -readonly [Name in keyof GroupEntry]: GroupEntry[Name] } = { ...row.entry, earlyAt: happenedAt };
      delete entry.readyAt;
      row.entry = entry;
      return 'early';
    }
    row.ended = true;
    if (verdict.kind === 'spent') return 'ended';
    const { account, strategyId, instrument, signalId, action, product, group, maximum } = row.entry;
    const price = fromMoney(entryPrice);
    this.book.add({
      key: `reEntry ${orderId}`, account, kind: 'reEntry', strategyId, instrument, orderId, signalId, happenedAt,
      message: `${instrument} is back at ${price}, where ${strategyId} entered before its stop: re-entry ${used.entries} of ${maximum} in group ${group}.`,
      facts: { group, reEntry: used.entries, maximum, price, action, product },
    });
    return 'told';
  }

  end({ orderId }: Parameters<ReEntryStore['end']>[0]): Promise<void> {
    const row = this.#rows.get(orderId);
    if (row !== undefined) row.ended = true;
    return Promise.resolve();
  }
}
