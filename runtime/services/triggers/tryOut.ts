import { deny, ok, type Outcome } from '../../domain/denial';
import type { Clock, Ids, Log, Pause, Store } from '../../domain/ports';
import { SECOND_MS } from '../../domain/time';
import type { Firing, Source } from '../../domain/trigger';
import type { HandedSignal, SourceBinding, Triggers } from '../../runtime';
import { createTriggerContext, type WorldPorts } from './context';
import { receiptOf, type FiringEnd } from './firings';
import { startSource } from './startSource';

export interface TryOutPorts extends WorldPorts {
  readonly store: Pick<Store, 'receive' | 'finishSignal'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly pause: Pause;
}

/** Signals of an editor's test stand under a key of their own: nobody attaches to it, and they are no repeats of real ones. */
const TEST_SUFFIX = '#test';

/** A person who tries a flow out waits this long for the real thing, where there is a sample. */
const SAMPLE_AFTER_MS = 10 * SECOND_MS;

/** One signal for an editor's test; see Triggers. */
export async function tryOut(ports: TryOutPorts, binding: SourceBinding, options: Parameters<Triggers['tryOut']>[1]): Promise<Outcome<HandedSignal>> {
  const { definition } = binding;
  if (definition.tryOut !== undefined) return given(ports, binding, definition.tryOut.bind(definition));
  const sample = definition.sample?.bind(definition);
  const patienceMs = sample === undefined ? options.patienceMs : Math.min(options.patienceMs, SAMPLE_AFTER_MS);
  const first = await firstFiring(ports, binding, { ...options, patienceMs });
  if (first === 'quiet') return sample === undefined ? tooQuiet(patienceMs) : given(ports, binding, sample);
  return first.ok ? ok(await journalled(ports, binding, first.value)) : first;
}

/** An item that the source makes without waiting. */
async function given(ports: TryOutPorts, binding: SourceBinding, make: NonNullable<Source['tryOut']>): Promise<Outcome<HandedSignal>> {
  const now = ports.clock.now();
  const owned = createTriggerContext(ports, { binding, emit: () => Promise.resolve('failed'), onStatus: () => undefined, isTest: true, resume: () => Promise.resolve(now) });
  const item = make(binding.params, owned.context);
  owned.end();
  return item.ok ? ok(await journalled(ports, binding, { key: 'test', happenedAt: now, item: item.value })) : item;
}

/** Watches until the source says something, patience ends or the person gives up. */
async function firstFiring(ports: TryOutPorts, binding: SourceBinding, { patienceMs, cancelled }: Parameters<Triggers['tryOut']>[1]): Promise<Outcome<Firing> | 'quiet'> {
  const first = Promise.withResolvers<Outcome<Firing> | 'quiet'>();
  const emit = (firing: Firing): Promise<FiringEnd> => {
    first.resolve(ok(firing));
    return Promise.resolve('done');
  };
  const owned = createTriggerContext(ports, { binding, emit, onStatus: () => undefined, isTest: true, resume: (_index, now) => Promise.resolve(now) });
  const started = startSource(binding, owned);
  if (!started.ok) return started;
  const begun = owned.begin();
  const cancel = (): void => first.resolve(deny('NOT_READY', 'The test was cancelled.'));
  cancelled?.addEventListener('abort', cancel);
  ports.pause(patienceMs).then(() => first.resolve('quiet'), (error: unknown) => first.reject(error));
  try {
    await begun;
    return await first.promise;
  } finally {
    cancelled?.removeEventListener('abort', cancel);
    owned.end();
  }
}

function tooQuiet(patienceMs: number): Outcome<never> {
  return deny('NOT_READY', `Nothing happened within ${Math.round(patienceMs / SECOND_MS)} seconds.`, { remedy: 'Try again while the market is open, or publish the workflow: then it waits for as long as it takes.' });
}

/** A test is always new: a person repeats it until it works. */
async function journalled({ store, clock, ids, log }: TryOutPorts, binding: SourceBinding, firing: Firing): Promise<HandedSignal> {
  const nodeKey = binding.nodeKey + TEST_SUFFIX;
  const receipt = receiptOf({ ids, clock }, { ...binding, nodeKey }, { ...firing, key: `${firing.key} ${ids.next()}` });
  await store.receive(receipt);
  const [signal] = receipt.signals;
  if (signal === undefined) throw new Error('A receipt of one firing holds one signal.');
  const { signalId, item } = signal;
  try {
    await store.finishSignal({ nodeKey, signalId, status: 'DONE', reason: 'Handed to the editor’s test.', happenedAt: clock.now() });
  } catch (error) {
    log.warn({ err: error, nodeKey }, 'A test signal stays open in the journal; nothing will deliver it.');
  }
  return { signalId, source: receipt.source, item };
}
