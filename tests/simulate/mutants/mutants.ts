import type { BrokerUpdate, Store } from '../../../runtime/domain/ports';
import { intentKey, orderIdOf } from '../../../runtime/domain/intentKey';
import type { Admission, AdmissionState } from '../../../runtime/domain/ports';
import type { Order } from '../../../runtime/domain/order';
import { ZERO_MONEY } from '../../../runtime/domain/money';
import { PROTECTION_NODE } from '../../../runtime/domain/protection';
import { REMOTE_CLIENT } from '../accounts';
import type { Mutant } from './mutant';

type Decide = (state: AdmissionState) => Admission;

/** A gate that is shown another state than there is, or whose word is changed. */
function gate(name: string, change: { state?: (state: AdmissionState) => AdmissionState; admission?: (admission: Admission, state: AdmissionState, purpose: 'entry' | 'exit') => Admission }): Mutant {
  return {
    name,
    store: (store) => ({
      ...store,
      admit: (request, decide: Decide) => store.admit(request, (state) => {
        const admission = decide(change.state?.(state) ?? state);
        return change.admission?.(admission, state, request.draft.purpose) ?? admission;
      }),
    }),
  };
}

/** A journal that books something else than it is told. */
function booking(name: string, change: (updates: readonly BrokerUpdate[], next: () => number) => readonly BrokerUpdate[]): Mutant {
  return {
    name,
    store(store) {
      let count = 0;
      return { ...store, applyUpdates: (request) => store.applyUpdates({ ...request, updates: change(request.updates, () => ++count) }) };
    },
  };
}

/** Cancellations by a node that are never asked for. */
function leaves(name: string, nodeKey: string, which: (order: Order) => boolean): Mutant {
  return {
    name,
    store: (store) => ({
      ...store,
      changes: { ...store.changes, request: (request, judge) => store.changes.request(request, (subject) => (request.origin.nodeKey === nodeKey && which(subject.order) ? { code: 'NOT_FOUND', message: 'left alone' } : judge(subject))) },
    }),
  };
}

/** Once the limit was reached, the account's day has lost nothing. */
function unlatched(state: AdmissionState): AdmissionState {
  if (state.lossLatchedAt === undefined) return state;
  const before = { ...state, realisedToday: ZERO_MONEY, openPositions: [] };
  delete before.lossLatchedAt;
  return before;
}

/** The node that safety acts as. */
const SAFETY_NODE = 'safety';
const NOTHING = { buy: 0, sell: 0 };
let repeats = 0;

/** Faults that one could write into the order path by mistake. Every one of them has to be found. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'drop the idempotency check: a repeat is a new intent',
    store: (store) => ({
      ...store,
      admit: (request, decide) => {
        const key = intentKey({ ...request.draft, leg: request.draft.leg + 1_000_000 * ++repeats });
        return store.admit({ ...request, key, orderId: orderIdOf(key) }, decide);
      },
    }),
  },
  gate('drop the reserve: pending orders do not count', { state: (state) => ({ ...state, pending: NOTHING, accountPending: NOTHING }) }),
  gate('count the own strategy only: the account’s exposure is not looked at', { state: (state) => ({ ...state, accountPosition: 0, accountPending: NOTHING }) }),
  gate('entries beside an order of unknown outcome', { state: (state) => ({ ...state, unknownOrders: 0 }) }),
  gate('an unknown order keeps exits out as well', {
    admission: (admission, state) => (admission.kind === 'admit' && state.unknownOrders > 0 ? { ...admission, kind: 'deny', denial: { code: 'UNRESOLVED_ORDER', message: 'unknown' } } : admission),
  }),
  gate('entries under the kill switch', { state: (state) => ({ ...state, killSwitch: false }) }),
  gate('entries on a live account that is not armed', {
    state: (state) => (state.arming?.kind === 'disarmed' ? { ...state, arming: { ...state.arming, kind: 'armed', client: REMOTE_CLIENT, protection: { heldBy: 'broker' } } } : state),
  }),
  gate('the kill switch keeps exits out as well', {
    admission: (admission, state) => (admission.kind === 'admit' && state.killSwitch ? { ...admission, kind: 'deny', denial: { code: 'KILL_SWITCH', message: 'on' } } : admission),
  }),
  gate('exits are not capped to the position', { admission: (admission, _state, purpose) => (admission.kind === 'admit' && purpose === 'exit' ? { ...admission, quantity: admission.quantity * 2 } : admission) }),
  {
    name: 'retry a placement whose outcome is unknown',
    broker: (broker) => ({
      ...broker,
      async place(order) {
        const outcome = await broker.place(order);
        return outcome.kind === 'unknown' ? broker.place(order) : outcome;
      },
    }),
  },
  {
    name: 'take an unknown outcome for a refusal',
    broker: (broker) => ({
      ...broker,
      async place(order) {
        const outcome = await broker.place(order);
        return outcome.kind === 'unknown' ? { kind: 'rejected', denial: { code: 'ORDER_REJECTED', message: outcome.reason } } : outcome;
      },
    }),
  },
  {
    name: 'resolve an unknown order by silence: a list that does not show it proves that it is not there',
    broker: (broker) => ({ ...broker, capabilities: { ...broker.capabilities, lookupProvesAbsence: true } }),
  },
  {
    name: 'resume without looking: what was not answered is sent again',
    broker: (broker) => ({ ...broker, capabilities: { ...broker.capabilities, lookupProvesAbsence: true }, find: () => Promise.resolve(undefined) }),
  },
  { name: 'send before the intent is durable', unflushed: true },
  {
    name: 'skip the fencing check: an owner who overslept its lease acts all the same',
    store: (store) => ({
      ...store,
      admit(request, decide) {
        const unfenced = { ...request };
        delete unfenced.fence;
        return store.admit(unfenced, decide);
      },
    }),
  },
  booking('forget fills: those of some orders are dropped', (updates) => updates.filter((update) => update.kind !== 'fill' || !/[0-3]$/.test(update.fill.orderId))),
  booking('count a fill that comes twice as two', (updates, next) => updates.map((update) => (update.kind === 'fill' ? { ...update, fill: { ...update.fill, tradeId: `${update.fill.tradeId}-${next()}` } } : update))),
  booking('forget rejections', (updates) => updates.filter((update) => update.kind !== 'status' || update.status !== 'REJECTED')),
  gate('entries after the day\'s loss limit was reached', { state: unlatched }),
  { name: 'entries after intraday positions are squared off', noCalendar: true },
  leaves('a flat account leaves a resting exit of a flow: its units stay open', SAFETY_NODE, ({ purpose, nodeKey }) => purpose === 'exit' && nodeKey !== SAFETY_NODE),
  leaves('the kill switch leaves resting entries', SAFETY_NODE, ({ purpose }) => purpose === 'entry'),
  leaves('a stop leaves a resting exit of its flow: its units stay open', PROTECTION_NODE, ({ nodeKey }) => nodeKey !== PROTECTION_NODE),
  {
    name: 'a close that came to nothing uses up the next ones',
    store: (store) => ({
      ...store,
      admit(request, decide) {
        const { draft } = request;
        if (draft.nodeKey !== SAFETY_NODE) return store.admit(request, decide);
        const key = intentKey({ ...draft, signalId: draft.signalId.replace(/ \d+$/, ' 1') });
        return store.admit({ ...request, key, orderId: orderIdOf(key) }, decide);
      },
    }),
  },
  {
    name: 'the square-off closes nothing',
    store: (store) => ({
      ...store,
      admit: (request, decide) => store.admit(request, (state) => (request.draft.nodeKey === SAFETY_NODE && request.draft.signalId.startsWith('squareOff') ? { kind: 'satisfied' } : decide(state))),
    }),
  },
  gate('an order does not see the stop that waits at the broker beside it', { state: unstopped }),
  {
    name: 'take a cancel that was asked for as one that was done',
    store: cancelledByWord,
  },
  {
    name: 'forget the outcome: what the broker answered is not journalled',
    store: (store) => ({
      ...store,
      applyUpdates: async (request) => {
        const order = await store.order(request.orderId);
        return order?.status === 'SUBMITTING' && request.brokerOrderId !== undefined ? order : store.applyUpdates(request);
      },
    }),
  },
];

/** Nothing waits at the broker. */
function unstopped(state: AdmissionState): AdmissionState {
  const blind = { ...state };
  delete blind.stops;
  return blind;
}

/** Books the end of an order as soon as its cancellation has been asked for. */
function cancelledByWord(store: Store): Store {
  return {
    ...store,
    changes: {
      ...store.changes,
      async request(request, judge) {
        const requested = await store.changes.request(request, judge);
        if (request.kind === 'cancel' && requested.change.status === 'REQUESTED') {
          const cancelled: BrokerUpdate = { kind: 'status', orderId: request.orderId, status: 'CANCELLED', happenedAt: request.happenedAt };
          await store.applyUpdates({ orderId: request.orderId, updates: [cancelled], tradingDay: request.tradingDay });
        }
        return requested;
      },
    },
  };
}
