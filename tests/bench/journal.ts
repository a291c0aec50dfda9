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

type Step = (store: Store, key: string) => Promise<unknown>;

/** One durable step, timed, and what has to stand before it or must not stay behind it: thousands of open orders are no account of a person. */
interface Work {
  readonly name: string;
  readonly step: Step;
  readonly before?: Step;
  readonly after?: Step;
}

const admit: Step = (store, key) => store.admit(request(key), () => buy(1));
const book: Step = (store, key) => apply(store, `o${key}`, [status(`o${key}`, 'ACCEPTED'), fill(`o${key}`, 't', { quantity: 1 })]);

const WORKS: readonly Work[] = [
  { name: 'receive a signal', step: (store, key) => store.receive(receipt(`r-${key}`, [key])) },
  { name: 'admit an order', step: admit, after: book },
  { name: 'book its fill', step: book, before: admit },
];

/** What the journal costs beside the bare database and the bare disk: one step alone, and in a group of a hundred. */
export async function benchJournal(bench: Bench): Promise<readonly Row[]> {
  const folder = bench.folder('journal');
  const bare = bareInsert(folder);
  const disk = flushOnce(folder);
  const store = await openSqliteStore({ path: path.join(folder, 'journal.db'), clock: systemClock, log: recordingLog().log });
  try {
    const rows: Row[] = [await bareRow(bench, disk.flush, bare.insert)];
    for (const work of WORKS) rows.push(...await workRows(bench, store, bare.insert, work));
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

async function workRows({ rounds }: Bench, store: Store, insert: () => void, work: Work): Promise<readonly Row[]> {
  const keysOf = (size: number, ...place: readonly number[]): readonly string[] => Array.from({ length: size }, (_, index) => [work.name, size, ...place, index].join(' '));
  const alone = await contest(rounds, () => singles(insert), (round) => framed(store, work, keysOf(SINGLES, round), (keys) =>
    measured({ count: keys.length, width: 1 }, async (index) => { await work.step(store, keys[index] ?? ''); })));
  const grouped = await contest(rounds, () => singles(insert), async (round) => {
    const groups: Round[] = [];
    for (let group = 0; group < GROUPS; group += 1) groups.push(await framed(store, work, keysOf(GROUP_SIZE, round, group), (keys) => together(keys, (key) => work.step(store, key))));
    return { latencies: groups.flatMap(({ latencies }) => latencies), elapsedMs: groups.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0) };
  });
  return [row(`${work.name}, alone`, alone), row(`${work.name}, one of ${GROUP_SIZE}`, grouped)];
}

/** The round between what is not timed. */
async function framed(store: Store, { before, after }: Work, keys: readonly string[], round: (keys: readonly string[]) => Promise<Round>): Promise<Round> {
  if (before !== undefined) await Promise.all(keys.map((key) => before(store, key)));
  const result = await round(keys);
  if (after !== undefined) await Promise.all(keys.map((key) => after(store, key)));
  return result;
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

/** All at once. Latencies are the whole time by their number: what one step costs when many come together. */
async function together(keys: readonly string[], step: (key: string) => Promise<unknown>): Promise<Round> {
  const began = performance.now();
  await Promise.all(keys.map(step));
  const elapsedMs = performance.now() - began;
  return { latencies: keys.map(() => elapsedMs / keys.length), elapsedMs };
}
