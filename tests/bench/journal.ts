import path from 'node:path';
import { openSqliteStore } from '../../runtime/adapters/store';
import { systemClock } from '../../runtime/adapters/system/clock';
import type { Store } from '../../runtime/domain/ports';
import { apply, buy, fill, receipt, recordingLog, request, status } from '../contracts/store/fixtures';
import { bareInsert, flushOnce } from './disk';
import { times, type Row } from './report';
import { contest, measured, type Round } from './rounds';
import type { Bench } from './bench';

const SINGLES = 100;
const GROUPS = 20;
const GROUP_SIZE = 100;

type Work = (store: Store, key: string) => Promise<unknown>;

/** One durable step each, in the order in which an alert takes them: what is booked was admitted under the same key before. */
const WORKS: Readonly<Record<string, Work>> = {
  'receive a signal': (store, key) => store.receive(receipt(`r-${key}`, [key])),
  'admit an order': (store, key) => store.admit(request(key), () => buy(1)),
  'book its fill': (store, key) => apply(store, `o${key}`, [status(`o${key}`, 'ACCEPTED'), fill(`o${key}`, 't', { quantity: 1 })]),
};

/** What the journal costs beside the bare database and the bare disk: one step alone, and in a group of a hundred. */
export async function benchJournal(bench: Bench): Promise<readonly Row[]> {
  const folder = bench.folder('journal');
  const bare = bareInsert(folder);
  const disk = flushOnce(folder);
  const store = await openSqliteStore({ path: path.join(folder, 'journal.db'), clock: systemClock, log: recordingLog().log });
  try {
    const rows: Row[] = [await bareRow(bench, disk.flush, bare.insert)];
    for (const entry of Object.entries(WORKS)) rows.push(...await workRows(bench, store, bare.insert, entry));
    return rows;
  } finally {
    await store.close();
    bare.close();
    disk.close();
  }
}

async function bareRow(bench: Bench, flush: () => number, insert: () => void): Promise<Row> {
  const { first, second, ratios } = await contest(bench.rounds, () => singles(flush), () => singles(insert));
  return {
    section: 'journal', name: 'floor: bare SQLite insert, flushed', perSecond: second.perSecond, p50Ms: second.p50, p99Ms: second.p99,
    against: `bare 4 KiB flush: p50 ${first.p50.toFixed(3)}, p99 ${first.p99.toFixed(1)} ms`, ratios: { ...ratios, flushP50Ms: first.p50, flushP99Ms: first.p99 },
  };
}

async function workRows({ rounds }: Bench, store: Store, insert: () => void, [name, work]: readonly [string, Work]): Promise<readonly Row[]> {
  const alone = await contest(rounds, () => singles(insert), (round) => measured({ count: SINGLES, width: 1 }, async (index) => { await work(store, `single ${round} ${index}`); }));
  const grouped = await contest(rounds, () => singles(insert), (round) => inGroups((group, index) => work(store, `group ${round} ${group} ${index}`)));
  return [
    row(`${name}, alone`, alone),
    row(`${name}, one of ${GROUP_SIZE}`, grouped),
  ];
}

function row(name: string, { second, ratios }: Awaited<ReturnType<typeof contest>>): Row {
  return { section: 'journal', name, perSecond: second.perSecond, p50Ms: second.p50, p99Ms: second.p99, against: `${times(ratios.throughput)} of the bare insert's rate`, ratios };
}

function singles(operation: () => unknown): Promise<Round> {
  return measured({ count: SINGLES, width: 1 }, async () => {
    operation();
    // The journal's steps end in a later turn of the event loop; the bare ones shall not be spared it.
    await new Promise(setImmediate);
  });
}

/** Latencies are the group's time by its size: what one step costs when many come at once. */
async function inGroups(work: (group: number, index: number) => Promise<unknown>): Promise<Round> {
  const round = await measured({ count: GROUPS, width: 1 }, async (group) => {
    await Promise.all(Array.from({ length: GROUP_SIZE }, (_, index) => work(group, index)));
  });
  return { latencies: round.latencies.flatMap((ms) => Array<number>(GROUP_SIZE).fill(ms / GROUP_SIZE)), elapsedMs: round.elapsedMs };
}
