import type { Order } from '../../../domain/order';
import type { Clock, Log, Store } from '../../../domain/ports';
import { createAccounts } from './accounts';
import { createAdmission } from './admission';
import { createAlerts } from './alerts';
import { createApprovals } from './approvals';
import { createChanges } from './changes';
import { createArming } from './arming';
import { createBudgets } from './budgets';
import { createDifferences } from './differences';
import { createEvents } from './events';
import { createExternalTrades } from './externalTrades';
import type { GroupCommit } from './groupCommit';
import { createHistory, readPages } from './history';
import { createInbox } from './inbox';
import { createIntents } from './intents';
import { createLeases } from './leases';
import { createLocks } from './locks';
import { createOrders } from './orders';
import { createPositions } from './positions';
import { createProtections } from './protections';
import { createReEntries } from './reEntries';
import { createRisk } from './risk';
import type { Statements } from './statements';
import { createUpdates } from './updates';
import { orderOf, type BookedOrder } from '../orderLedger';

interface StoreParts {
  readonly statements: Statements;
  /** When an operation is carried out and what it waits for; the simulator has one of its own. */
  readonly commits: Pick<GroupCommit, 'write' | 'read' | 'close'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The port over its parts: each method is one queued write operation or one read. */
export function composeStore({ statements, commits, clock, log }: StoreParts): Store {
  const inbox = createInbox(statements, clock, log);
  const intents = createIntents(statements);
  const orders = createOrders(statements);
  const positions = createPositions(statements, clock);
  const events = createEvents(statements, clock, orders);
  const risk = createRisk(statements, clock, events);
  const locks = createLocks(statements, clock, risk);
  const leases = createLeases(statements, clock);
  const arming = createArming(statements, clock, events);
  const budgets = createBudgets(statements, clock);
  const accounts = createAccounts(statements, clock);
  const alerts = createAlerts(statements, clock);
  const protections = createProtections(statements, { leases, events, clock });
  const reEntries = createReEntries(statements, { positions, events, clock });
  const approvals = createApprovals(statements, clock);
  const external = createExternalTrades(statements, { positions, risk, events, clock });
  const applyUpdates = createUpdates({ protections, orders, positions, risk, events, clock, log });
  const differences = createDifferences(statements, { orders, positions, external, applyUpdates, events, clock });
  const admission = createAdmission(statements, { unexplained: differences, protections, reEntries, leases, arming, intents, orders, positions, locks, risk, events, clock });
  const changes = createChanges(statements, { orders, events, stateOf: admission.stateOf, clock });
  const history = createHistory(statements, orders);
  const write = <T>(operation: () => T): Promise<T> => commits.write(operation);
  const read = <T>(operation: () => T): Promise<T> => commits.read(operation);

  return {
    receive: (receipt, onCommitted) => commits.write(() => inbox.receive(receipt), 'flushed', onCommitted),
    // A claim or an end that a power cut undoes only has the signal delivered once more.
    claimSignals: (request) => commits.write(() => inbox.claim(request), 'unflushed'),
    finishSignal: (request) => commits.write(() => inbox.finish(request), 'lazy'),
    claimedSignals: (nodeKey) => read(() => inbox.claimed(nodeKey)),
    signals: (options) => read(() => inbox.list(options)),

    admit: (request, decide) => commits.write(() => admission.admit(request, decide), request.flushLater === true ? 'unflushed' : 'flushed'),
    preview: (request) => read(() => admission.preview(request)),
    applyUpdates: (request) => write(() => applyUpdates(request)),
    order: (id) => read(() => known(orders.find(id))),
    orderOfSignal: ({ account, strategyId, signalId, instrument, purpose }) => read(() => known(orders.ofSignal({ account, strategyId, signalId, instrument, purpose }))),
    openOrders: (account) => read(() => orders.open(account)),
    orders: (options) => read(() => orders.list(options)),
    orderEvents: (orderId) => read(() => orders.events(orderId)),
    fills: (orderId) => read(() => orders.fills(orderId)),
    intent: (key) => read(() => intents.find(key)),
    intents: (options) => read(() => intents.list(options)),
    positions: (options) => read(() => positions.list(options)),

    acquireLock: (lock, now) => write(() => locks.acquire(lock, now)),
    releaseLock: (lock) => write(() => locks.release(lock)),
    locks: (options) => read(() => locks.list(options)),
    setKillSwitch: (request) => write(() => risk.setKillSwitch(request)),
    latchLoss: ({ account, happenedAt, reason }) => write(() => risk.latchLoss(account, happenedAt, reason)),
    rearm: (request) => write(() => risk.rearm(request)),
    riskState: (account) => read(() => risk.state(account)),
    carryIn: ({ position, tradingDay, close, carried, happenedAt }) => write(() => {
      const isNew = positions.carry(position, tradingDay, close);
      if (isNew) risk.addCarried(position.account, tradingDay, happenedAt, carried);
      return isNew;
    }),

    declareAccount: (account, happenedAt) => write(() => accounts.declare(account, happenedAt)),
    accounts: () => read(() => accounts.list()),
    recordAlert: (alert) => write(() => alerts.record(alert)),
    finishAlert: (request) => write(() => alerts.finish(request)),
    alerts: (options) => read(() => alerts.list(options)),

    events: {
      record: (event) => write(() => ({ duplicate: !events.add(event) })),
      after: (request) => read(() => events.after(request)),
      newest: (account) => read(() => events.newest(account)),
      list: (options) => read(() => events.list(options)),
      prune: (request) => write(() => events.prune(request)),
      forgetReaders: (request) => write(() => events.forgetReaders(request)),
      onRecorded: events.onRecorded,
      position: (reader) => read(() => events.position(reader)),
      advance: (request) => commits.write(() => events.advance(request), 'lazy'),
    },

    differences: {
      picture: (request) => read(() => differences.picture(request)),
      open: (request) => write(() => differences.open(request)),
      resolve: (request) => write(() => differences.resolve(request)),
      adopt: (report, charges) => write(() => external.adopt(report, charges)),
      list: (options) => read(() => differences.list(options)),
      externalOrders: (options) => read(() => external.list(options)),
    },
    history: { pages: (request) => readPages(history, read, request) },
    ledger: { trades: (request) => read(() => external.trades(request)) },

    leases: {
      // Whoever holds a lease dies with the machine: nobody has to wait for the disk.
      acquire: (request) => commits.write(() => leases.acquire(request), 'unflushed'),
      release: (fence) => commits.write(() => { leases.release(fence); }, 'unflushed'),
      list: () => read(() => leases.list()),
    },
    arming: {
      arm: (request) => write(() => arming.arm(request)),
      disarm: (request) => write(() => arming.disarm(request)),
      state: (account) => read(() => arming.state(account)),
      history: (request) => read(() => arming.history(request)),
    },
    budgets: {
      change: (name, step) => commits.write(() => budgets.change(name, step), 'unflushed'),
      list: () => read(() => budgets.list()),
    },

    changes: {
      request: (request, judge) => write(() => changes.request(request, judge)),
      finish: (end) => write(() => changes.finish(end)),
      find: (key) => read(() => changes.find(key)),
      open: (account) => read(() => changes.open(account)),
      ofOrder: (orderId) => read(() => changes.ofOrder(orderId)),
    },

    protections: {
      create: (protection) => write(() => protections.create(protection)),
      change: (request, decide) => write(() => protections.change(request, decide)),
      find: (id) => read(() => protections.find(id)),
      live: (account) => read(() => protections.live(account)),
      ofEntry: (orderId) => read(() => protections.ofEntry(orderId)),
      list: (options) => read(() => protections.list(options)),
      events: (id) => read(() => protections.events(id)),
      onChanged: protections.onChanged,
    },

    reEntries: {
      of: (orderId) => read(() => reEntries.of(orderId)),
      waiting: (account) => read(() => reEntries.waiting(account)),
      ready: (request) => write(() => { reEntries.ready(request); }),
      touch: (request) => write(() => reEntries.touch(request)),
      end: (request) => write(() => { reEntries.end(request); }),
    },

    approvals: {
      ask: (approval) => write(() => approvals.ask(approval)),
      find: (id) => read(() => approvals.find(id)),
      ofToken: (request) => read(() => approvals.ofToken(request)),
      answer: (answer) => write(() => approvals.answer(answer)),
      untold: (request) => read(() => approvals.untold(request)),
      // Told twice is told once: the inbox takes one end of a question.
      told: (request) => commits.write(() => { approvals.told(request); }, 'lazy'),
      prune: (request) => write(() => approvals.prune(request)),
    },

    close: () => commits.close(),
  };
}

function known(order: BookedOrder | undefined): Order | undefined {
  return order === undefined ? undefined : orderOf(order);
}
