import { SECOND_MS } from '../../domain/time';
import type { RoutedAccount } from '../orderRouter/ports';
import { createReturnWatch, verdictOf, type ReEntryPorts, type ReturnWatch } from './returnWatch';

export type { ReEntryPorts } from './returnWatch';

/** Between two looks at what waits for its price; prices act as they come. */
export const REENTRY_ROUND_MS = 2 * SECOND_MS;

/**
 * At-cost re-entry: after a stop it watches for the price to come back to the entry, and has the journal tell so, once over all processes. It places nothing: a
 * flow gets the event and decides. All it goes by is in the journal, so that it needs no owner and whoever comes after a crash goes on.
 */
export interface ReEntryWatch {
  /** Looks at what waits on an account. */
  look(account: RoutedAccount): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export function createReEntryWatch(ports: ReEntryPorts): ReEntryWatch {
  const watches = new Map<string, ReturnWatch>();
  const looking = new Set<Promise<void>>();
  let closed = false;

  async function lookAt(account: RoutedAccount): Promise<void> {
    const waiting = await ports.store.reEntries.waiting(account.config.id);
    const ids = new Set(waiting.map(({ orderId }) => orderId));
    for (const [orderId, watch] of watches) {
      if (watch.account !== account.config.id || (ids.has(orderId) && !watch.isOver())) continue;
      watch.leave();
      watches.delete(orderId);
    }
    for (const entry of waiting) {
      if (watches.has(entry.orderId)) continue;
      const [protection] = await ports.store.protections.ofEntry(entry.orderId);
      const verdict = verdictOf(ports, account, entry, protection);
      if (verdict.kind === 'over') await ports.store.reEntries.end({ orderId: entry.orderId, happenedAt: ports.clock.now(), reason: verdict.reason });
      else if (verdict.kind === 'watch' && !closed && !watches.has(entry.orderId)) watches.set(entry.orderId, createReturnWatch(ports, account, entry, verdict.stop));
    }
    await Promise.all([...watches.values()].filter((watch) => watch.account === account.config.id).map((watch) => watch.look()));
  }

  return {
    async look(account) {
      if (closed) return;
      const look = lookAt(account).catch((error: unknown) => ports.log.error({ account: account.config.id, err: error }, 'what waits for a re-entry could not be looked at; it is tried again at the next look'));
      looking.add(look);
      await look.finally(() => looking.delete(look));
    },
    async idle() {
      for (let turns = 0; turns < 20; turns += 1) await Promise.all([...looking, ...[...watches.values()].map((watch) => watch.idle())]);
    },
    async close() {
      closed = true;
      await Promise.all(looking);
      for (const watch of watches.values()) watch.leave();
      await Promise.all([...watches.values()].map((watch) => watch.idle()));
      watches.clear();
    },
  };
}
