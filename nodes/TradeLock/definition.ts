import { z } from 'zod';
import { Envelope } from '../../runtime/domain/envelope';
import type { HeldLock } from '../../runtime/domain/ports';
import { LOCK_SCOPES, lockName, type LockScope } from '../../runtime/domain/lockNames';
import { SECOND_MS } from '../../runtime/domain/time';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { field, shownWhen } from '../../runtime/hosts/field';
import { instrumentFields } from '../orderFields';

type Port = 'acquired' | 'locked';

const onSymbol = { scope: ['symbol', 'strategySymbol'], operation: ['acquire', 'check', 'release'] } as const;

/** Cool-downs shared by every flow of an account: the Risk Gate refuses entries that a lock covers. */
export const tradeLock = defineNode({
  type: 'tradeLock',
  title: 'Trade Lock',
  description: 'Acquires, checks, releases or lists cool-downs per symbol, strategy or account',
  version: 1,
  outputs: [{ port: 'acquired', label: 'Acquired' }, { port: 'locked', label: 'Locked' }],
  refusalPort: 'locked',
  connections: ['account'],
  subtitleParams: ['operation', 'scope'],
  params: z.object({
    operation: z.enum(['acquire', 'check', 'release', 'list']).default('acquire').register(field, {
      label: 'Operation', options: { acquire: 'Acquire', check: 'Check', release: 'Release', list: 'List' },
      help: 'Acquire and Check leave through Locked when somebody else holds the lock.',
    }),
    scope: z.enum(LOCK_SCOPES).default('strategySymbol').register(field, {
      label: 'Scope', options: { account: 'Whole Account', strategy: 'This Strategy', symbol: 'Symbol in Every Strategy', strategySymbol: 'Symbol in This Strategy' },
      help: 'What the lock covers.', showWhen: { operation: ['acquire', 'check', 'release'] },
    }),
    ...shownWhen(instrumentFields, onSymbol),
    durationSeconds: z.int().positive().max(604_800).default(300).register(field, { label: 'Duration', unit: 's', help: 'How long the lock is held.', showWhen: { operation: ['acquire'] } }),
    reason: z.string().max(200).optional().register(field, { label: 'Reason', help: 'Shown to whoever meets the lock.', placeholder: 'signal cool-down', showWhen: { operation: ['acquire'] } }),
  }),
  reads: Envelope.pick({ exchange: true, symbol: true }),
  ignoresItem: (params) => !isOnSymbol(params),
  needs: (params, item) => ({
    tradable: isOnSymbol(params) ? { kind: 'tradable', exchange: params.exchange ?? item.exchange ?? 'NSE', symbol: params.symbol ?? item.symbol ?? '', product: 'MIS' } : { kind: 'none' },
    locks: { kind: 'locks' },
    identity: { kind: 'identity' },
  }),
  decide(params, item, { tradable, locks, identity }): Step<Port> {
    if (params.operation === 'list') return { kind: 'emit', emissions: [{ port: 'acquired', item: { ...item, locks } }] };
    if (tradable?.ok === false) return { kind: 'refuse', denial: tradable.denial };
    const name = lockName(params.scope, { strategyId: identity.strategyId, instrument: tradable?.value.instrument.key });
    if (params.operation === 'release') return { kind: 'perform', commands: [{ kind: 'releaseLock', name }] };
    if (params.operation === 'acquire') {
      return { kind: 'perform', commands: [{ kind: 'acquireLock', name, durationMs: params.durationSeconds * SECOND_MS, ...(params.reason === undefined ? {} : { reason: params.reason }) }] };
    }
    const held = locks.find((lock) => lock.name === name && lock.owner !== identity.signalId);
    return { kind: 'emit', emissions: [held === undefined ? { port: 'acquired', item: { ...item, lock: null } } : { port: 'locked', item: { ...item, lock: held } }] };
  },
  conclude(_params, item, [result]) {
    if (result?.kind === 'releaseLock') return { kind: 'emit', emissions: [{ port: 'acquired', item: { ...item, released: result.released } }] };
    if (result?.kind !== 'acquireLock') throw new Error('The lock command gave no result.');
    return { kind: 'emit', emissions: [{ port: result.acquired ? 'acquired' : 'locked', item: withLock(item, result.lock) }] };
  },
});

function isOnSymbol({ operation, scope }: { readonly operation: 'acquire' | 'check' | 'release' | 'list'; readonly scope: LockScope }): boolean {
  return operation !== 'list' && (scope === 'symbol' || scope === 'strategySymbol');
}

function withLock(item: Envelope, lock: HeldLock): Envelope {
  return { ...item, lock };
}
