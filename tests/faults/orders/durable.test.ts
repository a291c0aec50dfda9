import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { paperBroker } from '../../../runtime/adapters/brokers/paper/paperBroker';
import { sqlitePaperBook } from '../../../runtime/adapters/brokers/paper/sqliteBook';
import { openSqliteJournal, type SqliteJournal } from '../../../runtime/adapters/store';
import { LogFlush } from '../../../runtime/adapters/store/sqlite/logFlush';
import { countingIds } from '../../../runtime/adapters/system/manual';
import { PaperAccount } from '../../../runtime/domain/account';
import { ALWAYS_OPEN } from '../../../runtime/domain/session';
import { createOrderRouter } from '../../../runtime/services/orderRouter/router';
import { silentLog } from '../../doubles/ingressWorld';
import { orderFor, origin, routerWorld, viewOf, type RouterWorld } from '../../doubles/routerWorld';
import { scriptedBroker } from '../../doubles/scriptedBroker';

/** A disk that holds every flush until it is told to go on. */
class SlowDisk {
  flushes = 0;
  #release: (() => void)[] = [];
  #begun: (() => void) | undefined;

  constructor() {
    jest.spyOn(LogFlush.prototype, 'flush').mockImplementation(() => {
      this.flushes += 1;
      this.#begun?.();
      return new Promise((resolve) => this.#release.push(resolve));
    });
  }

  /** Resolves when the next flush begins. */
  begins(): Promise<void> {
    return new Promise((resolve) => { this.#begun = resolve; });
  }

  end(): void {
    for (const release of this.#release.splice(0)) release();
  }
}

let home: string;
let world: RouterWorld;
let journal: SqliteJournal;
let disk: SlowDisk;

beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'bellwether-durable-'));
  world = await routerWorld();
  journal = await openSqliteJournal({ path: path.join(home, 'journal.db'), clock: world.clock, log: silentLog });
  disk = new SlowDisk();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await journal.store.close();
  await world.store.close();
  rmSync(home, { recursive: true });
});

const router = () => createOrderRouter({ ...world.ports, store: journal.store });

test('nothing reaches a broker before its intent is on the disk', async () => {
  const broker = scriptedBroker();
  const began = disk.begins();
  const placed = router().place(world.account(broker), origin(), orderFor());
  await began;
  expect(broker.sent).toEqual([]);
  const settled = disk.begins();
  disk.end();
  await settled;
  expect(broker.sent).toHaveLength(1);
  disk.end();
  expect(viewOf(await placed).status).toBe('ACCEPTED');
});

test('the paper account writes behind the intent, into the same file: one flush makes intent, book and fill last', async () => {
  const { clock, market } = world;
  const broker = await paperBroker({
    account: PaperAccount.parse({}), clock, ids: countingIds(), market, instruments: world.ports.instruments, sessions: ALWAYS_OPEN, book: sqlitePaperBook(journal, 'paper'), log: silentLog,
  });
  const began = disk.begins();
  const placed = router().place(world.account(broker), origin(), orderFor());
  await began;
  expect(await journal.store.orders()).toMatchObject([{ status: 'FILLED', filledQuantity: 10 }]);
  disk.end();
  expect(viewOf(await placed).status).toBe('FILLED');
  expect(disk.flushes).toBe(1);
  await broker.close();
});
