import { fromMoney } from '../../../domain/money';
import { TERMINAL_STATUSES, type Order } from '../../../domain/order';
import type { Clock } from '../../../domain/ports';
import { canTurn, isLive, onFill, onStepFill, pendingProtection, protectedPart, PROTECTION_NODE, protectionIdOf, stepOrderId, type Protection, type ProtectionChange, type ProtectionChanged, type ProtectionEvent, type ProtectionStore, type ProtectionTerms } from '../../../domain/protection';
import type { EventBook } from './events';

/** Protections as rows in memory; see the journal's for what each method promises. There is one owner: no lease is asked for. */
export class ProtectionBook implements ProtectionStore {
  readonly #rows = new Map<string, Protection>();
  readonly #live = new Map<string, Protection>();
  readonly #byEntry = new Map<string, string[]>();
  readonly #listeners = new Set<(id: string) => void>();

  constructor(private readonly clock: Clock, private readonly book: EventBook) {}

  get hasLive(): boolean {
    return this.#live.size > 0;
  }

  /** Every one that was ever made. */
  all(): readonly Protection[] {
    return [...this.#rows.values()];
  }

  #write(protection: Protection, notices: ProtectionChange['notices'], before: Protection | undefined): void {
    const { id, account, strategyId, instrument, entryOrderId, status, signalId, updatedAt, direction, stopLevel } = protection;
    if (before !== undefined && !canTurn(before.status, status)) throw new Error(`The protection ${id} can not turn from ${before.status} to ${status}.`);
    this.#rows.set(id, protection);
    if (isLive(protection)) this.#live.set(id, protection);
    else this.#live.delete(id);
    if (before === undefined && entryOrderId !== undefined) this.#byEntry.set(entryOrderId, [...this.#byEntry.get(entryOrderId) ?? [], id]);
    for (const { kind, key, severity, message } of notices) {
      this.book.add({
        key: `protection ${id} ${key}`, account, kind, strategyId, instrument, signalId, ...(entryOrderId === undefined ? {} : { orderId: entryOrderId }),
        message, facts: { protectionId: id, severity, direction, ...(stopLevel === undefined ? {} : { stop: fromMoney(stopLevel) }) }, happenedAt: updatedAt,
      });
    }
    if (this.#listeners.size > 0) void Promise.resolve().then(() => { for (const listener of [...this.#listeners]) listener(id); });
  }

  createFor(order: Order, heldBefore: number, terms: ProtectionTerms): void {
    const part = protectedPart(heldBefore, order.action, order.quantity);
    if (part === undefined) return;
    const { account, strategyId, instrument, product, signalId } = order;
    this.#write(pendingProtection({ id: protectionIdOf(order.id), account, strategyId, instrument, product, signalId, terms, ...part }, order, order.createdAt), [], undefined);
  }

  bookOrder({ id, filledQuantity, averagePrice, status, nodeKey, signalId }: Order): void {
    if (this.#rows.size === 0) return;
    const own = nodeKey === PROTECTION_NODE ? this.#rows.get(signalId) : undefined;
    const step = own?.steps.find((known) => stepOrderId(own, known.step) === id);
    if (own !== undefined && step !== undefined) {
      const { next, notices, changed } = onStepFill(own, step.step, filledQuantity, this.clock.now());
      if (changed) this.#write(next, notices, own);
    }
    const report = { filled: filledQuantity, ...(averagePrice === undefined ? {} : { averagePrice }), ended: TERMINAL_STATUSES.has(status) };
    for (const protection of this.#ofEntry(id)) {
      const { next, notices, changed } = onFill(protection, report, this.clock.now());
      if (changed) this.#write(next, notices, protection);
    }
  }

  #ofEntry(orderId: string): readonly Protection[] {
    return (this.#byEntry.get(orderId) ?? []).flatMap((id) => this.#rows.get(id) ?? []);
  }

  create(protection: Protection): Promise<{ readonly protection: Protection; readonly duplicate: boolean }> {
    const known = this.#rows.get(protection.id);
    if (known !== undefined) return Promise.resolve({ protection: known, duplicate: true });
    this.#write(protection, [], undefined);
    return Promise.resolve({ protection, duplicate: false });
  }

  change({ id }: Parameters<ProtectionStore['change']>[0], decide: (current: Protection) => ProtectionChange | undefined): Promise<ProtectionChanged> {
    const current = this.#rows.get(id);
    if (current === undefined) return Promise.resolve({ kind: 'unknown' });
    const change = decide(current);
    if (change === undefined || (change.next === current && change.notices.length === 0)) return Promise.resolve({ kind: 'unchanged', protection: current });
    this.#write(change.next, change.notices, current);
    return Promise.resolve({ kind: 'changed', protection: change.next });
  }

  find(id: string): Promise<Protection | undefined> {
    return Promise.resolve(this.#rows.get(id));
  }

  live(account?: string): Promise<readonly Protection[]> {
    return Promise.resolve([...this.#live.values()].filter((each) => account === undefined || each.account === account));
  }

  ofEntry(orderId: string): Promise<readonly Protection[]> {
    return Promise.resolve(this.#ofEntry(orderId));
  }

  list(): Promise<readonly Protection[]> {
    return Promise.resolve([...this.#rows.values()].reverse());
  }

  events(): Promise<readonly ProtectionEvent[]> {
    return Promise.resolve([]);
  }

  onChanged(listener: (id: string) => void): () => void {
    const own = (id: string): void => listener(id);
    this.#listeners.add(own);
    return () => { this.#listeners.delete(own); };
  }
}
