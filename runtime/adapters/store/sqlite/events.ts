import { sql } from 'kysely';
import { z } from 'zod';
import type { AccountEvent, AccountEventKind, AccountEventStore, NewAccountEvent } from '../../../domain/accountEvent';
import type { Clock } from '../../../domain/ports';
import { EventRow } from '../rows';
import { limited } from './listing';
import type { Param, Statements } from './statements';

export type Events = ReturnType<typeof createEvents>;

interface Page {
  readonly after: number;
  readonly account: string | undefined;
  /** JSON list; absent lets everything pass. */
  readonly kinds: string | undefined;
  readonly limit: number;
}

/** What happened to accounts, as numbered rows. Every method runs inside one write operation or read. */
export function createEvents(statements: Statements, clock: Clock) {
  const insert = statements.insertNew('events', EventRow);
  const page = statements.query('events', EventRow.extend({ seq: z.int() }), (db, p: Param<Page>) =>
    db.selectFrom('events').selectAll().where('seq', '>', p('after'))
      .where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
      .where((eb) => eb.or([eb(p('kinds'), 'is', null), eb('kind', 'in', sql<AccountEventKind>`(select value from json_each(${p('kinds')}))`)]))
      .orderBy('seq').limit(p('limit')));
  const last = statements.query('events', z.object({ seq: z.int() }), (db, p: Param<{ account: string | undefined }>) =>
    db.selectFrom('events').select('seq').where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))])).orderBy('seq', 'desc').limit(1));
  const signal = createSignal();
  const newest = (account?: string): number => last.one({ account })?.seq ?? 0;

  return {
    newest,
    onRecorded: signal.listen,

    /** Records it in the transaction that is open; false when its key is known. */
    add({ denial, facts, ...event }: NewAccountEvent): boolean {
      const isNew = insert({ ...event, facts: JSON.stringify(facts), ...(denial === undefined ? {} : { denial: JSON.stringify(denial) }), recordedAt: clock.now() });
      if (isNew) signal.raise();
      return isNew;
    },

    /** For what can happen again and again and has no name of its own: the transaction gives it the next number. */
    nextKey: (kind: AccountEventKind): string => `${kind} ${newest() + 1}`,

    after: ({ after, account, kinds, limit }: Parameters<AccountEventStore['after']>[0]): readonly AccountEvent[] =>
      page.all({ after, account, kinds: kinds === undefined ? undefined : JSON.stringify(kinds), limit: limited(limit === undefined ? {} : { limit }).limit }),
  };
}

/** Told at the end of the turn that wrote: write operations run in one go with their commit, so what is raised within one is committed by then. */
function createSignal(): { readonly raise: () => void; readonly listen: (listener: () => void) => () => void } {
  const listeners = new Set<() => void>();
  let isRaised = false;
  return {
    raise() {
      if (isRaised || listeners.size === 0) return;
      isRaised = true;
      queueMicrotask(() => {
        isRaised = false;
        for (const listener of [...listeners]) listener();
      });
    },
    listen(listener) {
      // The same function may be given twice; each listening ends by itself.
      const own = (): void => listener();
      listeners.add(own);
      return () => { listeners.delete(own); };
    },
  };
}
