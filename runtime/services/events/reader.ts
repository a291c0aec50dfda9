import type { AccountEvent } from '../../domain/accountEvent';
import type { EventListener, EventReaderPorts, EventWatch } from './createEventReaders';
import { PAGE, PASSED_OVER, SAYS_EVERY_MS } from './limits';
import { createProgress, type Progress } from './progress';

/** One reader of events, from where it stands. */
export interface Reader {
  readonly begun: Promise<void>;
  /** Reads on if there is something; one reading at a time. */
  look(): void;
  /** Resolves when everything that was recorded by now is handled. */
  settled(): Promise<void>;
  end(): Promise<void>;
}

export function openReader(ports: EventReaderPorts, watch: EventWatch, listener: EventListener): Reader {
  const { store: { events }, clock, log } = ports;
  const { reader: name } = watch;
  const atWork = new Set<Promise<void>>();
  let progress: Progress | undefined;
  let isEnded = false;
  const begun = Promise.withResolvers<undefined>();
  let reading: Promise<void> | undefined;
  let isWanted = false;
  let said = 0;
  /** When the journal last heard that this reader is there. */
  let seenAt = 0;
  let saying: Promise<void> | undefined;

  async function stand(): Promise<Progress> {
    const known = name === undefined ? undefined : await events.position(name);
    const position = known ?? await events.newest();
    said = position;
    progress = createProgress(position);
    seenAt = clock.now();
    if (name !== undefined) await events.advance({ reader: name, seq: position, happenedAt: clock.now() });
    return progress;
  }

  /** The newest number is asked for before the page is read: what is not on the page up to there is none of the reader's. */
  async function readOn(): Promise<void> {
    const own = progress ?? await stand();
    begun.resolve(undefined);
    if (name !== undefined && clock.now() - seenAt >= SAYS_EVERY_MS) {
      seenAt = clock.now();
      await events.advance({ reader: name, seq: said, happenedAt: seenAt });
    }
    while (!isEnded) {
      const newest = await events.newest();
      if (newest <= own.read) return;
      const page = await events.after({ after: own.read, kinds: watch.kinds, limit: PAGE, ...(watch.account === undefined ? {} : { account: watch.account }) });
      for (const event of page) {
        await own.room();
        if (hasEnded()) return;
        if (watch.wants?.(event) ?? true) hand(own, event);
        else own.readTo(event.seq);
      }
      if (page.length < PAGE) own.readTo(newest);
      if (own.handled - said >= PASSED_OVER) void say(own);
    }
  }

  // A function, so that it is not taken for what it was before a wait.
  const hasEnded = (): boolean => isEnded;

  function hand(own: Progress, event: AccountEvent): void {
    own.begin(event.seq);
    const handled = handle(event).then((isHandled) => {
      own.end(event.seq, isHandled);
      if (isHandled && own.handled > said) void say(own);
    });
    atWork.add(handled);
    void handled.finally(() => atWork.delete(handled));
  }

  async function handle(event: AccountEvent): Promise<boolean> {
    try {
      const order = event.orderId === undefined ? undefined : await ports.store.order(event.orderId);
      return await listener(event, order);
    } catch (error) {
      log.error({ err: error, reader: name, event: event.key }, 'An event could not be handled; it is met again after a restart.');
      return false;
    }
  }

  /** One word to the journal at a time; what is handled meanwhile is in the next. */
  function say(own: Progress): Promise<void> {
    saying ??= tell(own).finally(() => { saying = undefined; });
    return saying;
  }

  async function tell(own: Progress): Promise<void> {
    try {
      while (name !== undefined && own.handled > said) {
        const seq = own.handled;
        await events.advance({ reader: name, seq, happenedAt: clock.now() });
        said = seq;
      }
    } catch (error) {
      log.warn({ err: error, reader: name }, 'The journal could not be told how far events are handled; after a restart some are met again, and are known.');
    }
  }

  async function readAll(): Promise<void> {
    while (isWanted && !isEnded) {
      isWanted = false;
      try {
        await readOn();
      } catch (error) {
        if (!hasEnded()) log.error({ err: error, reader: name }, 'Events could not be read; the next look tries again.');
      }
      begun.resolve(undefined);
    }
    reading = undefined;
  }

  function look(): void {
    isWanted = true;
    reading ??= readAll();
  }

  look();
  return {
    begun: begun.promise,
    look,
    async settled() {
      look();
      while (reading !== undefined || atWork.size > 0) {
        await reading;
        await Promise.all(atWork);
      }
    },
    async end() {
      isEnded = true;
      await reading;
      if (progress !== undefined) await say(progress);
    },
  };
}
