import { ok, type Outcome } from '../../domain/denial';
import { digest } from '../../domain/intentKey';
import type { Store } from '../../domain/ports';
import type { Firing } from '../../domain/trigger';
import type { HandedSignal, Ingress, SourceBinding, TriggerOptions, Triggers } from '../../runtime';
import { createTriggerContext, type WorldPorts } from './context';
import { createFirings, type FiringEnd, type FiringPorts } from './firings';
import { createPassing } from './passing';
import { journalMemory, type ScheduleMemory } from './scheduleMemory';
import { startSource } from './startSource';
import { tryOut } from './tryOut';

export interface TriggerPorts extends WorldPorts, Omit<FiringPorts, 'store' | 'journal'> {
  readonly store: Pick<Store, 'signals' | 'receive' | 'finishSignal'>;
  readonly ingress: Pick<Ingress, 'attach' | 'submit'>;
  /** Default: derived from the journal. */
  readonly memory?: ScheduleMemory;
  /** The name of this run of a recording: what is said in another run is something else, although it is said of the same candle. */
  readonly run?: string;
}

export interface TriggersService extends Triggers {
  /** Stops every trigger; resolves when no delivery of theirs is running. */
  close(): Promise<void>;
}

/** Triggers that act by themselves. One per runtime. */
export function createTriggers(ports: TriggerPorts): TriggersService {
  const { ingress, memory = journalMemory(ports) } = ports;
  const running = new Set<(graceMs?: number) => Promise<void>>();

  async function start(binding: SourceBinding, deliver: (signal: HandedSignal) => Promise<void>, { concurrency, onStatus = () => undefined }: TriggerOptions = {}): Promise<Outcome<(graceMs?: number) => Promise<void>>> {
    const firings = createFirings({ ...ports, journal: (receipt) => ingress.submit(receipt) }, binding, deliver);
    const passing = createPassing(ports, binding, deliver);
    const emit = async (firing: Firing): Promise<FiringEnd> => {
      if (firing.durable === false) return passing.emit(firing);
      const end = await firings.emit(ports.run === undefined ? firing : { ...firing, key: `${ports.run} ${firing.key}` });
      // Nobody else learns of it: the journal is broken, or the flow has not taken the signal for good.
      if (end === 'failed') owned.context.status(`failed, see the log: ${firing.key}`);
      return end;
    };
    const known = (what: number | 'watch') => ({ kind: what === 'watch' ? 'watch' as const : 'schedule' as const, nodeKey: binding.nodeKey, strategyId: binding.strategyId, source: binding.definition.type, fingerprint: digest(['schedule', what, JSON.stringify(binding.params)]) });
    const owned = createTriggerContext(ports, { binding, emit, onStatus, resume: async (what, now) => (what === 'watch' ? memory.setAt(known(what), now) : memory.resume(known(what), now)) });
    const started = startSource(binding, owned);
    if (!started.ok) return started;
    const detach = ingress.attach(binding.nodeKey, (entry) => firings.deliver(entry), concurrency === undefined ? {} : { concurrency });
    const begun = owned.begin();
    // A recording that is about to begin waits until everybody is ready.
    const release = ports.atTime?.(ports.clock.now(), () => begun);
    const stop = async (graceMs?: number): Promise<void> => {
      running.delete(stop);
      owned.end();
      release?.();
      passing.close();
      firings.leave();
      await detach(graceMs);
      firings.close();
    };
    running.add(stop);
    await begun;
    return ok(stop);
  }

  return {
    start,
    tryOut: (binding, options) => tryOut(ports, binding, options),
    settled: () => ports.events?.settled() ?? Promise.resolve(),
    async close() {
      await Promise.all([...running].map((stop) => stop()));
    },
  };
}
