import { setImmediate as nextTurn } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { countingIds } from '../../runtime/adapters/system/manual';
import { filePlayer, type FilePlayer } from '../../runtime/adapters/ticks/file/filePlayer';
import type { Recording } from '../../runtime/adapters/ticks/file/recording';
import { ok } from '../../runtime/domain/denial';
import { fromMoney } from '../../runtime/domain/money';
import type { Order } from '../../runtime/domain/order';
import type { Store } from '../../runtime/domain/ports';
import { createSessions, createTradingCalendar } from '../../runtime/domain/session';
import { INDIA_ZONE } from '../../runtime/domain/time';
import type { Source } from '../../runtime/domain/trigger';
import { canonicalIntents, type ReplayedFlow } from '../../runtime/hosts/replay';
import { openRuntime } from '../../runtime/open';
import type { Runtime } from '../../runtime/runtime';
import { atIndiaTime, recordingOf, type Course } from './courses';
import { silentLog } from './ingressWorld';
import { recordingNotifier } from './recordingNotifier';
import { shippedFlow, valueOf, type HOSTS } from './shippedFlow';

const sessions = createSessions({ calendar: createTradingCalendar() });

export interface PlayOptions {
  readonly host: (typeof HOSTS)[number];
  readonly flow: string;
  /** What is played; a recording as it is, e.g. one of a file. */
  readonly courses: readonly (Course | Recording)[];
  /** Day and time in India, `2022-06-08 09:00`. What was recorded before `from` is history. */
  readonly from: string;
  readonly until: string;
  /** What others do on the same account, at times of the recording (`2022-06-08 09:30`). */
  readonly meanwhile?: Readonly<Record<string, (runtime: Runtime) => Promise<void>>>;
  /** Clicks on a manual start: into which node an item is put, by the node's key, at times of the recording. */
  readonly starts?: Readonly<Record<string, string>>;
}

export interface PlayedFlow {
  /** `06-08 10:40 BUY 10 SBIN 823.3`, in order. */
  readonly orders: readonly string[];
  readonly alerts: readonly string[];
  /** Byte for byte the same for the same decisions; see canonicalIntents. */
  readonly intents: string;
}

/** A flow that we ship, on the paper account, while a recorded market is played as if it were happening. */
export async function playFlow({ host, flow: name, courses, from, until, meanwhile = {}, starts = {} }: PlayOptions): Promise<PlayedFlow> {
  let flow: ReplayedFlow | undefined;
  const recordings = courses.map((course) => ('content' in course ? course : recordingOf(course)));
  const player = restful(filePlayer({ recordings, sessions, starts: 'told', from: atIndiaTime(from), until: atIndiaTime(until) }), () => flow);
  const runtime = await openRuntime({ home: ':memory:', ids: countingIds('p'), log: silentLog, pause: () => Promise.resolve(), notifier: recordingNotifier(), feed: { kind: 'player', player } });
  try {
    flow = await shippedFlow(runtime, host, name, {}, 'live');
    await watchAll(runtime, recordings);
    for (const [time, work] of Object.entries(meanwhile)) player.atTime(atIndiaTime(time), () => work(runtime));
    for (const [time, nodeKey] of Object.entries(starts)) player.atTime(atIndiaTime(time), () => flow?.inject(nodeKey, {}, `start ${nodeKey} ${atIndiaTime(time)}`));
    player.play();
    await player.finished;
    await flow.idle();
    return await playedIn(runtime.store);
  } finally {
    await flow?.close();
    await runtime.close();
    await player.close();
  }
}

/** What a flow left in a journal, whoever ran it. */
export async function playedIn(store: Store): Promise<PlayedFlow> {
  return {
    orders: (await store.orders({ limit: 1_000 })).toReversed().map(orderText),
    alerts: (await store.alerts({ limit: 1_000 })).toReversed().map(({ severity, message }) => `${severity} ${message}`),
    intents: canonicalIntents(await store.intents({ limit: 1_000 })),
  };
}

/** What a schedule starts is over before the recording goes on: every run is the same. */
function restful(player: FilePlayer, flow: () => ReplayedFlow | undefined): FilePlayer {
  return {
    ...player,
    atTime: (due, work) => player.atTime(due, async () => {
      await work();
      await nextTurn();
      await flow()?.idle();
    }),
  };
}

/** Somebody else watches these symbols already: their prices are known when a flow asks for the first time. */
async function watchAll(runtime: Runtime, recordings: readonly Recording[]): Promise<void> {
  const definition: Source & { readonly type: string } = {
    type: 'somebodyElse',
    start(_params, context) {
      for (const { instrument } of recordings) context.onTick(instrument, () => undefined);
      return ok(undefined);
    },
  };
  valueOf(await runtime.triggers.start({ definition, params: {}, nodeKey: 'else', strategyId: 'else' }, () => Promise.resolve()));
}

function orderText({ createdAt, action, filledQuantity, instrument, averagePrice, status }: Order): string {
  const price = averagePrice === undefined ? status : String(fromMoney(averagePrice));
  return `${DateTime.fromMillis(createdAt, { zone: INDIA_ZONE }).toFormat('MM-dd HH:mm')} ${action} ${filledQuantity} ${instrument.replace('NSE:', '')} ${price}`;
}
