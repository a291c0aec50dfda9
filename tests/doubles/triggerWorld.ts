import { countingIds } from '../../runtime/adapters/system/manual';
import { ok, type Outcome } from '../../runtime/domain/denial';
import { createCatalogue } from '../../runtime/domain/instrument';
import { createTradingCalendar } from '../../runtime/domain/session';
import type { Source, TriggerContext } from '../../runtime/domain/trigger';
import type { HandedSignal, SourceBinding, TriggerOptions } from '../../runtime/runtime';
import { createTriggers, type TriggerPorts, type TriggersService } from '../../runtime/services/triggers';
import { inboxStore, type InboxMethods } from './inboxStore';
import { ingressWorld, NOW, silentLog } from './ingressWorld';
import { manualTime, type ManualTime } from './manualTime';

export interface TriggerWorld {
  readonly triggers: TriggersService;
  readonly time: ManualTime;
  readonly store: InboxMethods;
  /** Looks for entries of others, as the runtime does every few seconds. */
  readonly poke: () => void;
  /** Starts a trigger and gives its context to speak through; throws where it is refused. */
  speaker(deliver: (signal: HandedSignal) => Promise<void>, options?: TriggerOptions): Promise<{ readonly context: TriggerContext; readonly stop: (graceMs?: number) => Promise<void> }>;
}

/** The triggers of one process; several may share a store and a time. */
export function triggerWorld(more: Partial<TriggerPorts> & { readonly time?: ManualTime; readonly store?: InboxMethods; readonly process?: string } = {}): TriggerWorld {
  const { time = manualTime(NOW), process = 'p', ...ports } = more;
  const store = more.store ?? inboxStore(time.clock);
  const { ingress } = ingressWorld({ store, clock: time.clock, prefix: process, owners: { own: process, isAlive: () => true } });
  const triggers = createTriggers({
    clock: time.clock, pause: time.pause, ids: countingIds(`${process}-t`), log: silentLog, instruments: createCatalogue(), calendar: createTradingCalendar(), ingress, ...ports, store,
  });
  return {
    triggers, time, store, poke: () => ingress.poke(),
    async speaker(deliver, options) {
      let context: TriggerContext | undefined;
      const stop = valueOf(await triggers.start(bindingOf((given) => { context = given; return ok(undefined); }), deliver, options));
      if (context === undefined) throw new Error('The source was not started.');
      return { context, stop };
    },
  };
}

/** A trigger node `watch` whose source does what the test says. */
export function bindingOf(start: (context: TriggerContext) => Outcome<void>, more: Partial<SourceBinding> & Pick<Source, 'tryOut' | 'sample'> = {}): SourceBinding {
  const { tryOut, sample, ...rest } = more;
  return { definition: { type: 'watcher', start: (_params, context) => start(context), ...(tryOut === undefined ? {} : { tryOut }), ...(sample === undefined ? {} : { sample }) }, params: {}, nodeKey: 'watch', strategyId: 'demo', ...rest };
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.denial.message);
  return outcome.value;
}
