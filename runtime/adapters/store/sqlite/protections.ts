import { sql } from 'kysely';
import { TERMINAL_STATUSES, type Order } from '../../../domain/order';
import type { Clock } from '../../../domain/ports';
import { canTurn, LIVE_STATUSES, onFill, onStepFill, pendingProtection, protectedPart, PROTECTION_NODE, protectionIdOf, stepOrderId, type Protection, type ProtectionChange, type ProtectionChanged, type ProtectionEvent, type ProtectionStore, type ProtectionTerms } from '../../../domain/protection';
import { fromMoney } from '../../../domain/money';
import { ProtectionEventRow, ProtectionRow } from '../rows';
import { StoreError } from '../storeError';
import type { Events } from './events';
import type { Leases } from './leases';
import { byNumber, limited, MAX_LISTED, type Listing } from './listing';
import { atMost, type Param, type Statements } from './statements';

export type Protections = ReturnType<typeof createProtections>;

interface Parts {
  readonly leases: Leases;
  readonly events: Events;
  readonly clock: Clock;
}

type ChangeRequest = Parameters<ProtectionStore['change']>[0];

const isLiveStatus = sql<boolean>`status in (${sql.join(LIVE_STATUSES.map((status) => sql.lit(status)))})`;

/** Protections with their history. Every method runs inside one write operation or read. */
export function createProtections(statements: Statements, { leases, events, clock }: Parts) {
  const q = prepare(statements);
  const news = createNews();
  const find = (id: string): Protection | undefined => q.byId.one({ id })?.body;

  function write(protection: Protection, notices: ProtectionChange['notices'], before: Protection | undefined): void {
    const { id, account, strategyId, instrument, entryOrderId, status, createdAt, updatedAt } = protection;
    if (before !== undefined && !canTurn(before.status, status)) throw new StoreError('MISUSE', `The protection ${id} can not turn from ${before.status} to ${status}.`);
    q.put({ id, account, strategyId, instrument, ...(entryOrderId === undefined ? {} : { entryOrderId }), status, body: JSON.stringify(protection), happenedAt: createdAt, recordedAt: clock.now() });
    const times = { happenedAt: updatedAt, recordedAt: clock.now() };
    if (before?.status !== status) q.addEvent({ protectionId: id, status, kind: 'changed', message: `${before === undefined ? 'made' : before.status} → ${status}`, ...times });
    for (const { kind, key, severity, message } of notices) {
      q.addEvent({ protectionId: id, status, kind, message, ...times });
      events.add({
        key: `protection ${id} ${key}`, account, kind, strategyId, instrument, signalId: protection.signalId, ...(entryOrderId === undefined ? {} : { orderId: entryOrderId }),
        message, facts: { protectionId: id, severity, direction: protection.direction, ...(protection.stopLevel === undefined ? {} : { stop: fromMoney(protection.stopLevel) }) }, happenedAt: updatedAt,
      });
    }
    news.tell(id);
  }

  return {
    find,
    onChanged: news.listen,

    create(protection: Protection): { protection: Protection; duplicate: boolean } {
      const known = find(protection.id);
      if (known !== undefined) return { protection: known, duplicate: true };
      write(protection, [], undefined);
      return { protection, duplicate: false };
    },

    /** Of an entry that has just been admitted: what it opens is covered from its first fill on. */
    createFor(order: Order, heldBefore: number, terms: ProtectionTerms): void {
      const part = protectedPart(heldBefore, order.action, order.quantity);
      if (part === undefined) return;
      const { account, strategyId, instrument, product, signalId } = order;
      write(pendingProtection({ id: protectionIdOf(order.id), account, strategyId, instrument, product, signalId, terms, ...part }, order, order.createdAt), [], undefined);
    },

    change({ id, fence, happenedAt }: ChangeRequest, decide: (current: Protection) => ProtectionChange | undefined): ProtectionChanged {
      if (fence !== undefined && !leases.isHeld(fence, Math.max(clock.now(), happenedAt))) return { kind: 'leaseLost' };
      const current = find(id);
      if (current === undefined) return { kind: 'unknown' };
      const change = decide(current);
      if (change === undefined || (change.next === current && change.notices.length === 0)) return { kind: 'unchanged', protection: current };
      write(change.next, change.notices, current);
      return { kind: 'changed', protection: change.next };
    },

    /** Books what an entry, or an exit of a protection, has come to: in the transaction that books its fills. */
    bookOrder({ id, filledQuantity, averagePrice, status, nodeKey, signalId }: Order): void {
      const own = nodeKey === PROTECTION_NODE ? find(signalId) : undefined;
      const step = own?.steps.find((known) => stepOrderId(own, known.step) === id);
      if (own !== undefined && step !== undefined) {
        const { next, notices, changed } = onStepFill(own, step.step, filledQuantity, clock.now());
        if (changed) write(next, notices, own);
      }
      const report = { filled: filledQuantity, ...(averagePrice === undefined ? {} : { averagePrice }), ended: TERMINAL_STATUSES.has(status) };
      for (const { body } of q.byEntry.all({ orderId: id })) {
        const { next, notices, changed } = onFill(body, report, clock.now());
        if (changed) write(next, notices, body);
      }
    },

    live: (account?: string): readonly Protection[] => q.live.all({ account, limit: MAX_LISTED }).map(({ body }) => body),
    ofEntry: (orderId: string): readonly Protection[] => q.byEntry.all({ orderId }).map(({ body }) => body),
    list: (options?: Parameters<ProtectionStore['list']>[0]): readonly Protection[] => q.newest.all(limited(options)).map(({ body }) => body),
    events: (id: string): readonly ProtectionEvent[] => q.events.all({ id, limit: MAX_LISTED }),
  };
}

function prepare(statements: Statements) {
  return {
    put: statements.insert('protections', ProtectionRow, ['id']),
    addEvent: statements.insert('protectionEvents', ProtectionEventRow),
    byId: statements.query('protections', ProtectionRow, (db, p: Param<{ id: string }>) => db.selectFrom('protections').selectAll().where('id', '=', p('id'))),
    byEntry: statements.query('protections', ProtectionRow, (db, p: Param<{ orderId: string }>) => db.selectFrom('protections').selectAll().where('entryOrderId', '=', p('orderId')).orderBy('seq')),
    live: statements.query('protections', ProtectionRow, (db, p: Param<{ account: string | undefined; limit: number }>) =>
      db.selectFrom('protections').selectAll().where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))])).where(isLiveStatus).orderBy(byNumber).limit(atMost(p('limit')))),
    newest: statements.query('protections', ProtectionRow, (db, p: Param<Listing>) =>
      db.selectFrom('protections').selectAll()
        .where((eb) => eb.or([eb(p('account'), 'is', null), eb('account', '=', p('account'))]))
        .where((eb) => eb.or([eb(p('strategyId'), 'is', null), eb('strategyId', '=', p('strategyId'))]))
        .orderBy('seq', 'desc').limit(atMost(p('limit')))),
    events: statements.query('protectionEvents', ProtectionEventRow, (db, p: Param<{ id: string; limit: number }>) =>
      db.selectFrom('protectionEvents').selectAll().where('protectionId', '=', p('id')).orderBy('seq').limit(atMost(p('limit')))),
  };
}

/** Told at the end of the turn that wrote, when the transaction has been committed. */
function createNews(): { readonly tell: (id: string) => void; readonly listen: (listener: (id: string) => void) => () => void } {
  const listeners = new Set<(id: string) => void>();
  return {
    tell(id) {
      if (listeners.size > 0) queueMicrotask(() => { for (const listener of [...listeners]) listener(id); });
    },
    listen(listener) {
      const own = (id: string): void => listener(id);
      listeners.add(own);
      return () => { listeners.delete(own); };
    },
  };
}
