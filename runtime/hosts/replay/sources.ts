import { ok, type Outcome } from '../../domain/denial';
import type { Firing, TriggerContext } from '../../domain/trigger';
import type { HandedSignal, SourceBinding } from '../../runtime';
import type { Ready, ReplayOptions } from './replayFlow';

type Emit = TriggerContext['emit'];

/** The triggers of a replayed flow that act by themselves. */
export interface Sources {
  /** Speaks for the trigger with this node key; undefined where none waits for that. */
  emit(nodeKey: string): Emit | undefined;
  stop(): Promise<void>;
}

/** Starts them one signal at a time: a replay is the same every time. One that can not start leaves none running. */
export async function startSources({ runtime, sources = 'injected' }: ReplayOptions, ready: ReadonlyMap<string, Ready>, run: (trigger: Ready, signal: HandedSignal) => Promise<void>): Promise<Outcome<Sources>> {
  const emits = new Map<string, Emit>();
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(stops.map((each) => each()));
  };
  for (const trigger of ready.values()) {
    const { node: { definition }, params, nodeKey, strategyId } = trigger;
    if (definition.kind !== 'sourceTrigger') continue;
    const source = sources === 'live' ? definition : spokenFor(definition.type, (emit) => emits.set(nodeKey, emit));
    const started = await runtime.triggers.start({ definition: source, params, nodeKey, strategyId }, (signal) => run(trigger, signal), { concurrency: 1 });
    if (!started.ok) {
      await stop();
      return started;
    }
    stops.push(started.value);
  }
  return ok({ emit: (nodeKey) => emits.get(nodeKey), stop });
}

/** A source of that type that says only what it is told to say. */
function spokenFor(type: string, use: (emit: (firing: Firing) => ReturnType<Emit>) => void): SourceBinding['definition'] {
  return {
    type,
    start(_params, context) {
      use((firing) => context.emit(firing));
      return ok(undefined);
    },
  };
}
