import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import { Envelope } from '../../domain/envelope';
import { resolveSymbol } from '../../domain/instrument';
import type { Log } from '../../domain/ports';
import type { Firing } from '../../domain/trigger';
import { signalIdOf } from '../../services/ingress/signalId';
import { UnknownFrame } from '../../services/replay';
import { createTriggerContext } from '../../services/triggers/context';
import { signalOf, type FiringEnd } from '../../services/triggers/firings';
import { startSource } from '../../services/triggers/startSource';
import type { BacktestRequest } from './backtestRequest';
import { readAlert, type Compiled, type ReadyNode } from './compile';
import type { World } from './world';

type Flow = Pick<Compiled, 'fire' | 'put'>;

export interface TriggerStart {
  readonly ready: ReadonlyMap<string, ReadyNode>;
  readonly flow: Flow;
  readonly world: World;
  readonly log: Log;
  /** Told of a trigger that no past is known of. */
  readonly onSilent: (node: string) => void;
  /** Told of a flow that broke. */
  readonly onFailure: (node: string, error: unknown) => void;
}

/** Starts everything that can start a flow: sources on virtual candles, events and schedules; recorded alerts and clicks at their times. Denies what can not start, by the node's name. */
export async function startTriggers(parts: TriggerStart, { alerts = [], starts = [] }: Pick<BacktestRequest, 'alerts' | 'starts'>): Promise<Outcome<() => void>> {
  const { ready, world } = parts;
  const ends: (() => void)[] = [];
  const webhooks: string[] = [];
  let others = starts.length;
  for (const trigger of ready.values()) {
    const { definition, name } = trigger.node;
    if (definition.kind === 'webhookTrigger') webhooks.push(name);
    if (definition.kind !== 'sourceTrigger') continue;
    others += 1;
    const started = await startOne(parts, trigger);
    if (!started.ok) return { ok: false, denial: { ...started.denial, message: `${name}: ${started.denial.message}` } };
    ends.push(started.value);
  }
  if (others + alerts.length === 0) return { ok: false, denial: nothingStarts(webhooks) };
  const posted = new Set(alerts.map(({ nodeKey }) => nodeKey));
  for (const { node, nodeKey } of ready.values()) if (node.definition.kind === 'webhookTrigger' && !posted.has(nodeKey)) parts.onSilent(node.name);
  for (const alert of alerts) {
    const trigger = byKey(ready, alert.nodeKey);
    if (trigger === undefined) return deny('NOT_FOUND', `No trigger has the node key ${alert.nodeKey}.`, { field: 'alerts' });
    world.atTime(alert.at, () => post(parts, trigger, alert.body));
  }
  for (const start of starts) {
    const node = byKey(ready, start.nodeKey);
    if (node === undefined) return deny('NOT_FOUND', `No node has the key ${start.nodeKey}.`, { field: 'starts' });
    const item = Envelope.safeParse(start.item);
    if (!item.success) return deny('INVALID_FIELD', `The item of the start at ${start.nodeKey} is no item.`, { field: 'starts' });
    world.atTime(start.at, async () => { await guarded(parts, node, () => parts.flow.put(node, item.data, `start ${start.nodeKey} ${start.at}`)); });
  }
  return ok(() => { for (const end of ends) end(); });
}

function byKey(ready: ReadonlyMap<string, ReadyNode>, nodeKey: string): ReadyNode | undefined {
  return [...ready.values()].find((each) => each.nodeKey === nodeKey);
}

function nothingStarts(webhooks: readonly string[]): Denial {
  const [first] = webhooks;
  if (first === undefined) return { code: 'NOT_SUPPORTED', message: 'Nothing in this flow starts by itself.', remedy: 'Add a trigger, or say when it is started by hand.' };
  return { code: 'NOT_SUPPORTED', message: `${first}: what an alert service sent in the past is not known.`, remedy: 'Give the recorded alerts with the backtest, or use a Market Trigger with the same condition.' };
}

async function startOne(parts: TriggerStart, trigger: ReadyNode): Promise<Outcome<() => void>> {
  const { world, log } = parts;
  const { definition } = trigger.node;
  if (definition.kind !== 'sourceTrigger') throw new Error(`${trigger.node.name} is no source.`);
  const binding = { definition, params: trigger.params, nodeKey: trigger.nodeKey, strategyId: trigger.strategyId };
  const said = new Set<string>();
  const emit = async (firing: Firing): Promise<FiringEnd> => {
    const { signalId, item } = signalOf(binding, firing);
    if (said.has(signalId)) return 'duplicate';
    said.add(signalId);
    if (firing.goodForMs !== undefined && world.now() > firing.happenedAt + firing.goodForMs) return 'expired';
    return guarded(parts, trigger, () => parts.flow.fire(trigger, item, signalId));
  };
  const owned = createTriggerContext(
    { clock: world, pause: () => Promise.resolve(), log, instruments: world.instruments, calendar: world.calendar, feed: world.market.feed, candles: world.books.candles, series: world.books.series, events: world.events, atTime: (due, work) => world.atTime(due, work) },
    { binding, emit, onStatus: () => undefined, resume: (_what, now) => Promise.resolve(now) },
  );
  try {
    const started = startSource(binding, owned);
    if (!started.ok) return started;
  } catch (error) {
    if (error instanceof UnknownFrame) return deny('NOT_SUPPORTED', error.message, { field: 'symbols', remedy: 'Give data of every symbol that a trigger watches, in its timeframe or a shorter one.' });
    throw error;
  }
  await owned.begin();
  return ok(() => owned.end());
}

/** A flow that breaks is a failed signal, as it would be live. */
async function guarded({ onFailure }: TriggerStart, { node }: ReadyNode, work: () => Promise<void>): Promise<FiringEnd> {
  try {
    await work();
    return 'done';
  } catch (error) {
    onFailure(node.name, error);
    return 'failed';
  }
}

async function post(parts: TriggerStart, trigger: ReadyNode, body: string): Promise<void> {
  const { world } = parts;
  const at = world.now();
  const read = readAlert(trigger, body, at, (exchange, symbol) => resolveSymbol({ exchange, symbol, at, instruments: world.instruments }));
  if (!read.ok) {
    parts.onFailure(trigger.node.name, read.denial.message);
    return;
  }
  for (const { dedupeKey, item } of read.value) {
    const signalId = signalIdOf({ nodeKey: trigger.nodeKey, dedupeKey, windowed: true, receivedAt: at });
    const signal = { source: trigger.node.definition.type, at, ...item.signal, id: signalId };
    await guarded(parts, trigger, () => parts.flow.fire(trigger, { ...item, signal }, signalId));
  }
}
