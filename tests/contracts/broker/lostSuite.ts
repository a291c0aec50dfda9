import type { Broker } from '../../../runtime/domain/ports';
import { SECOND_MS } from '../../../runtime/domain/time';
import type { ManualClock } from '../../../runtime/adapters/system/manual';
import type { MemoryJournal } from '../../doubles/memoryJournal';
import type { Fault } from '../../doubles/openalgoServer';
import { filledIn, limit, order, SILENT } from './openalgoBench';

/** A contract server and what is asked of it, whatever its endpoints are called. SHARE stands at 100 to 100.05. */
export interface LostBench {
  readonly clock: ManualClock;
  readonly journal: MemoryJournal;
  /** What goes wrong with the next placements. */
  fail(fault: Fault, times?: number): void;
  /** Placements that were asked for. */
  placements(): number;
  /** The broker's order numbers, in the order of arrival. */
  numbers(): readonly string[];
  freezeLists(frozen: boolean): void;
  /** Placements are carried out when they arrive, and answered when this has come. */
  answerWhen(moment: Promise<unknown>): void;
  /** The broker's word for an accepted order with this number. */
  acceptance(number: string): string;
  /** Another life: a new adapter over the same journal and the same broker. */
  connect(): Broker;
  close(): Promise<void>;
}

/** Orders of which the answer was lost. The numbers are those of the fault campaign; what the router does with an adapter's word is shown elsewhere. */
export function lostSuite(name: string, open: () => Promise<LostBench>, lost: readonly (readonly [string, Fault])[]): void {
  let bench: LostBench;
  let broker: Broker;
  beforeEach(async () => {
    bench = await open();
    broker = bench.connect();
  });
  afterEach(() => bench.close());

  describe(`an order of which the answer is lost (${name})`, () => {
    test.each(lost)('%s: unknown, sent once, and found with its fills', async (_what, fault) => {
      bench.fail( fault);
      const wanted = order();
      expect(await broker.place(wanted)).toMatchObject({ kind: 'unknown' });
      const found = await broker.find(wanted.id);
      expect(found?.brokerOrderId).toBe((bench.numbers()[0] ?? 'none'));
      expect(filledIn(found?.updates)).toBe(10);
      expect(await broker.place(wanted)).toMatchObject({ kind: 'accepted', brokerOrderId: (bench.numbers()[0] ?? 'none') });
      expect(bench.placements()).toBe(1);
    });

    test('18 a crash after the send: the next life finds it and sends nothing', async () => {
      const wanted = limit(99);
      bench.fail( SILENT);
      await broker.place(wanted);
      await broker.close();
      bench.clock.advance(5 * SECOND_MS);
      broker = bench.connect();
      expect(await broker.find(wanted.id)).toMatchObject({ brokerOrderId: (bench.numbers()[0] ?? 'none'), updates: [{ kind: 'status', status: 'OPEN' }] });
      expect(bench.placements()).toBe(1);
    });

    test('20 a list that lags: it stays unknown, is never sent again, and is found when the list catches up', async () => {
      bench.freezeLists(true);
      bench.fail( SILENT);
      const wanted = order();
      await broker.place(wanted);
      for (let seconds = 0; seconds < 30; seconds += 5) {
        bench.clock.advance(5 * SECOND_MS);
        expect(await broker.find(wanted.id)).toBeUndefined();
      }
      expect(await broker.place(wanted)).toMatchObject({ kind: 'unknown' });
      expect(await broker.cancel(wanted.id)).toMatchObject({ ok: false, denial: { code: 'OUTCOME_UNKNOWN' } });
      bench.freezeLists(false);
      bench.clock.advance(5 * SECOND_MS);
      expect(filledIn((await broker.find(wanted.id))?.updates)).toBe(10);
      expect(bench.placements()).toBe(1);
    });

    /** An order that the broker has, looked for before its answer is let go. */
    async function placedUnderALook() {
      const looked = Promise.withResolvers<undefined>();
      bench.answerWhen(looked.promise);
      const wanted = order();
      const placing = broker.place(wanted);
      while (bench.numbers().length === 0) await new Promise((resolve) => setImmediate(resolve));
      const seen = await broker.find(wanted.id);
      looked.resolve(undefined);
      return { wanted, seen, placed: await placing };
    }

    test('18 a look that meets it while its answer is on its way keeps that answer from nobody', async () => {
      const { wanted, seen, placed } = await placedUnderALook();
      expect(placed).toMatchObject({ kind: 'accepted', brokerOrderId: bench.numbers()[0] });
      // What a look has told of it is not told again by the next one: the answer says it.
      expect(placed.kind === 'accepted' ? placed.updates : undefined).toEqual(seen?.updates ?? []);
      bench.clock.advance(2 * SECOND_MS);
      expect(filledIn((await broker.find(wanted.id))?.updates)).toBe(10);
      expect(bench.placements()).toBe(1);
    });

    test('18 an answer that is lost while a look goes on: it is found', async () => {
      bench.fail({ kind: 'reset', carriedOut: true });
      const { wanted } = await placedUnderALook();
      bench.clock.advance(2 * SECOND_MS);
      expect(await broker.find(wanted.id)).toMatchObject({ brokerOrderId: bench.numbers()[0] });
      expect(bench.placements()).toBe(1);
    });

    test('a number that another order of ours has is no acceptance', async () => {
      await broker.place(limit(99));
      bench.fail({ kind: 'answer', carriedOut: false, status: 200, text: bench.acceptance(bench.numbers()[0] ?? 'none') });
      expect(await broker.place(limit(99))).toMatchObject({ kind: 'unknown' });
    });

    test('an order of another account is a stranger', async () => {
      const theirs = order();
      bench.journal.leave(theirs, { account: 'other', brokerOrderId: '1', status: 'ACCEPTED' });
      expect(await broker.find(theirs.id)).toBeUndefined();
      expect(await broker.cancel(theirs.id)).toMatchObject({ ok: false, denial: { code: 'NOT_FOUND' } });
    });
  });
}
