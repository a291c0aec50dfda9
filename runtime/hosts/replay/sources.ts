import { ok, type Outcome } from '../../domain/denial';
import type { Firing, TriggerContext } from '../../domain/trigger';
import type { HandedSignal, SourceBinding } from '../../runtime';
import type { SourceTriggerDefinition } from '../definition';
import type { Ready, ReplayOptions } from './replayFlow';

type Emit = TriggerContext['emit'];

/** The triggers of a replayed flow that act by themselves. */
export interface Sources {
  /** Speaks for the trigger with this node key; undefined where none waits for that. */
  emit(nodeKey: string): Emit | undefined;
  /** Resolves when nothing that a trigger said is under way any more; see ReplayedFlow. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts them one signal at a time: a replay is the same every time. One that can not start leaves none running. */
export async function startSources({ runtime, sources = 'injected' }: ReplayOptions, ready: ReadonlyMap<string, Ready>, run: (trigger: Ready, signal: HandedSignal) => Promise<void>): Promise<Outcome<Sources>> {
  const emits = new Map<string, Emit>();
  const underWay = new Set<Promise<unknown>>();
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(stops.map((each) => each()));
  };
  for (const trigger of ready.values()) {
    const { node: { definition }, params, nodeKey, strategyId } = trigger;
    if (definition.kind !== 'sourceTrigger') continue;
    const source = sources === 'live' ? followed(definition, underWay) : spokenFor(definition.type, (emit) => emits.set(nodeKey, emit));
    const started = await runtime.triggers.start({ definition: source, params, nodeKey, strategyId }, (signal) => run(trigger, signal), { concurrency: 1 });
    if (!started.ok) {
      await stop();
      return started;
    }
    stops.push(started.value);
  }
  return ok({ emit: (nodeKey) => emits.get(nodeKey), idle: () => untilNone(underWay, () => runtime.triggers.settled()), stop });
}

/** What was said may make a trigger say more; a flow that never comes to rest is a bug, and ends the wait. */
const MAX_ROUNDS = 1_000;

async function untilNone(underWay: ReadonlySet<Promise<unknown>>, told: () => Promise<void>): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    await told();
    if (underWay.size === 0) return;
    await Promise.all(underWay);
  }
  throw new Error('The triggers of this flow never come to rest.');
}

/** The same source; what it says is remembered until its flow has ended. */
function followed(definition: SourceTriggerDefinition, underWay: Set<Promise<unknown>>): SourceBinding['definition'] {
  return {
    type: definition.type,
    start(params, context) {
      const emit: Emit = (firing) => {
        const said = context.emit(firing);
        underWay.add(said);
        return said.finally(() => underWay.delete(said));
      };
      return definition.start(params, { ...context, emit });
    },
  };
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
