import type { AccountEvent, AccountEventKind } from '../../domain/accountEvent';
import type { Order } from '../../domain/order';
import type { Clock, Log, Store } from '../../domain/ports';
import { openReader, type Reader } from './reader';

/** Which events a reader wants; what is absent lets everything pass. */
export interface EventWatch {
  /** Under this name the journal remembers where it stands, over restarts. Absent: it begins with what happens from now on and is forgotten. */
  readonly reader?: string;
  readonly kinds: readonly AccountEventKind[];
  readonly account?: string;
  /** Judges the rest; what it turns away was none of the reader's. */
  readonly wants?: (event: AccountEvent) => boolean;
}

/** Handles one event; `order` is the order it is about, as it is now. `false`: it was not taken, and the next life meets it again. Never rejects for long: a rejection is logged and counts as not taken. */
export type EventListener = (event: AccountEvent, order: Order | undefined) => Promise<boolean>;

export interface EventReaderPorts {
  readonly store: { readonly events: Pick<Store['events'], 'after' | 'newest' | 'onRecorded' | 'position' | 'advance'>; order(id: string): Promise<Order | undefined> };
  readonly clock: Clock;
  readonly log: Log;
  /** In a recording: when what was recorded is read, so that it is the same every time. Default: at once. */
  readonly later?: (read: () => Promise<void>) => void;
}

/** Those in this runtime who read what happened to accounts. */
export interface EventReaders {
  /**
   * Gives every wanted event in order, at least once and, over restarts too, each one again that was not handled. A reader that is new begins with what
   * happens from now on. `begun` resolves when it is fixed from where it reads.
   */
  watch(watch: EventWatch, listener: EventListener): { readonly begun: Promise<void>; readonly end: () => void };
  /** Looks for what other processes have recorded. A recording has none. */
  poke(): void;
  /** Resolves when everything that was recorded by now is handled: for replays and tests. */
  settled(): Promise<void>;
  /** Ends every reader; resolves when the journal knows where they stand. */
  close(): Promise<void>;
}

export function createEventReaders(ports: EventReaderPorts): EventReaders {
  const readers = new Set<Reader>();
  const leaving = new Set<Promise<void>>();
  const poke = (): void => {
    for (const reader of readers) reader.look();
  };
  const settled = async (): Promise<void> => {
    await Promise.all([...readers].map((reader) => reader.settled()));
  };
  const { later } = ports;
  const unlisten = ports.store.events.onRecorded(later === undefined ? poke : () => {
    if (readers.size > 0) later(settled);
  });

  function leave(reader: Reader): void {
    if (!readers.delete(reader)) return;
    const left = reader.end();
    leaving.add(left);
    void left.finally(() => leaving.delete(left));
  }

  return {
    watch(watch, listener) {
      const reader = openReader(ports, watch, listener);
      readers.add(reader);
      return { begun: reader.begun, end: () => leave(reader) };
    },
    poke: later === undefined ? poke : () => undefined,
    settled,
    async close() {
      unlisten();
      for (const reader of [...readers]) leave(reader);
      await Promise.all(leaving);
    },
  };
}
