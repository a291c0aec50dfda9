import { cronMarketHours } from '../../../nodes/CronMarketHours/definition';
import { manualMarket } from '../../../runtime/adapters/ticks/simulated/manualMarket';
import { indiaTime } from '../../../runtime/domain/session';
import type { EpochMs } from '../../../runtime/domain/time';
import { readParameters } from '../../../runtime/hosts/parameters';
import { openRuntime } from '../../../runtime/open';
import type { HandedSignal, Runtime, SourceBinding } from '../../../runtime/runtime';
import { silentLog } from '../../doubles/ingressWorld';
import { manualTime, type ManualTime } from '../../doubles/manualTime';
import { valueOf } from '../../doubles/triggerWorld';

/** A Friday with an ordinary Monday after it. */
export const DAY = '2026-11-20';
export const at = (time: string, date = DAY): EpochMs => indiaTime(date, time);

/** A process of its own on a state folder, as far as its journal can tell. */
export async function processOn(home: string, time: ManualTime): Promise<Runtime> {
  return openRuntime({ home, clock: time.clock, pause: time.pause, market: manualMarket(), log: silentLog });
}

export { manualTime, type ManualTime };

export function schedule(values: Readonly<Record<string, unknown>>, nodeKey = 'cron'): SourceBinding {
  return { definition: cronMarketHours, params: valueOf(readParameters(cronMarketHours.params, values, { numbersAsText: false })), nodeKey, strategyId: 'demo' };
}

/** A deployed schedule: what its flow was given, and what stands under its node. */
export interface Deployed {
  readonly taken: HandedSignal[];
  readonly statuses: string[];
  /** Planned times of what was taken, `15:10` in India. */
  times(): readonly string[];
  untilTaken(count: number): Promise<void>;
  untilStatus(text: RegExp): Promise<void>;
  stop(): Promise<void>;
}

export async function deploy(runtime: Runtime, binding: SourceBinding): Promise<Deployed> {
  const taken: HandedSignal[] = [];
  const statuses: string[] = [];
  let watchers: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];
  const look = (): void => {
    for (const { isMet, resolve } of watchers) if (isMet()) resolve();
    watchers = watchers.filter(({ isMet }) => !isMet());
  };
  const until = (isMet: () => boolean): Promise<void> => (isMet() ? Promise.resolve() : new Promise((resolve) => watchers.push({ isMet, resolve })));
  const deliver = (signal: HandedSignal): Promise<void> => {
    taken.push(signal);
    look();
    return Promise.resolve();
  };
  const stop = valueOf(await runtime.triggers.start(binding, deliver, { onStatus: (text) => { statuses.push(text); look(); } }));
  return {
    taken, statuses, stop,
    times: () => taken.map(({ item }) => clockText(item)),
    untilTaken: (count) => until(() => taken.length >= count),
    untilStatus: (text) => until(() => statuses.some((status) => text.test(status))),
  };
}

const TIME = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata', hour: '2-digit', minute: '2-digit' });

function clockText({ signal }: HandedSignal['item']): string {
  const planned = typeof signal === 'object' && signal !== null && 'at' in signal ? Number(signal.at) : Number.NaN;
  return TIME.format(planned);
}

/** Time passes to each of the planned times, and no further until the flow has it: the disk's time is real. */
export async function passThrough(time: ManualTime, node: Deployed, planned: readonly EpochMs[]): Promise<void> {
  for (const each of planned) {
    const count = node.taken.length + 1;
    await time.passTo(each);
    await node.untilTaken(count);
  }
}
