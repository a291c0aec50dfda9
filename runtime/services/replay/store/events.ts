import type { AccountEvent, AccountEventKind, AccountEventStore, NewAccountEvent } from '../../../domain/accountEvent';
import type { Clock } from '../../../domain/ports';

/** What happened, numbered. Texts of events that nobody reads are never written. */
export class EventBook implements AccountEventStore {
  readonly #rows: { readonly seq: number; readonly kind: AccountEventKind; readonly of: () => NewAccountEvent; readonly recordedAt: number }[] = [];
  readonly #keys = new Set<string>();
  readonly #readers = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #isRaised = false;

  constructor(private readonly clock: Clock) {}

  add(event: NewAccountEvent): boolean {
    if (this.#keys.has(event.key)) return false;
    this.#keys.add(event.key);
    this.addLazily(event.kind, () => event);
    return true;
  }

  /** The same for an order's own life, which never says anything twice. */
  addLazily(kind: AccountEventKind, of: () => NewAccountEvent): void {
    this.#rows.push({ seq: this.#rows.length + 1, kind, of, recordedAt: this.clock.now() });
    if (this.#isRaised || this.#listeners.size === 0) return;
    this.#isRaised = true;
    void Promise.resolve().then(() => {
      this.#isRaised = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  nextKey(kind: AccountEventKind): string {
    return `${kind} ${this.#rows.length + 1}`;
  }

  record(event: NewAccountEvent): Promise<{ readonly duplicate: boolean }> {
    return Promise.resolve({ duplicate: !this.add(event) });
  }

  after({ after, account, kinds, limit = 100 }: Parameters<AccountEventStore['after']>[0]): Promise<readonly AccountEvent[]> {
    const found: AccountEvent[] = [];
    for (let index = Math.max(0, after); index < this.#rows.length && found.length < limit; index += 1) {
      const row = this.#rows[index];
      if (row === undefined || (kinds !== undefined && !kinds.includes(row.kind))) continue;
      const event = row.of();
      if (account === undefined || event.account === account) found.push({ ...event, seq: row.seq, recordedAt: row.recordedAt });
    }
    return Promise.resolve(found);
  }

  list({ limit = 100, kinds, strategyId }: Parameters<AccountEventStore['list']>[0] = {}): Promise<readonly AccountEvent[]> {
    const found = this.#rows.filter(({ kind }) => kinds?.includes(kind) ?? true).map((row) => ({ ...row.of(), seq: row.seq, recordedAt: row.recordedAt }));
    return Promise.resolve(found.filter((event) => strategyId === undefined || event.strategyId === strategyId).slice(-limit).reverse());
  }

  prune(): Promise<number> {
    return Promise.resolve(0);
  }

  forgetReaders(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  newest(): Promise<number> {
    return Promise.resolve(this.#rows.length);
  }

  onRecorded(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => { this.#listeners.delete(own); };
  }

  position(reader: string): Promise<number | undefined> {
    return Promise.resolve(this.#readers.get(reader));
  }

  advance({ reader, seq }: Parameters<AccountEventStore['advance']>[0]): Promise<void> {
    this.#readers.set(reader, Math.max(seq, this.#readers.get(reader) ?? 0));
    return Promise.resolve();
  }
}
