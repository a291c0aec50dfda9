import { repeatedly } from './adapters/system/repeat';
import type { Clock, Store } from './domain/ports';
import type { AccountDesk } from './services/accounts/accountDesk';
import { createReEntryWatch, REENTRY_ROUND_MS, type ReEntryPorts, type ReEntryWatch } from './services/reEntry';
import type { AtTime } from './services/triggers';

export interface OpenReEntryOptions {
  readonly ports: ReEntryPorts & { readonly store: Store; readonly clock: Clock };
  readonly desk: Pick<AccountDesk, 'each'>;
  /** In a recording: looks come in its time. */
  readonly atTime?: AtTime;
}

/** Watches for prices that come back to entries that were stopped out: from the moment when a protection changes, and from time to time. */
export function openReEntry({ ports, desk, atTime }: OpenReEntryOptions): Pick<ReEntryWatch, 'idle' | 'close'> {
  const watch = createReEntryWatch(ports);
  const look = (): Promise<void> => desk.each('watching for re-entries', (account) => watch.look(account));
  const stop = atTime === undefined ? repeatedly(REENTRY_ROUND_MS, () => { void look(); }) : undefined;
  let isPlanned = false;
  const lookSoon = (): Promise<void> => {
    isPlanned = false;
    return look();
  };
  // Many changes of one turn make one look.
  const unlisten = ports.store.protections.onChanged(() => {
    if (isPlanned) return;
    isPlanned = true;
    if (atTime === undefined) queueMicrotask(() => { void lookSoon(); });
    else atTime(ports.clock.now(), lookSoon);
  });
  return {
    idle: () => watch.idle(),
    close() {
      stop?.();
      unlisten();
      return watch.close();
    },
  };
}
