import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PaperBook } from '../../../runtime/domain/paper';
import { memoryPaperBook } from '../../../runtime/adapters/brokers/paper/memoryBook';
import { openSqliteJournal, type SqliteJournal } from '../../../runtime/adapters/store';
import { manualClock } from '../../../runtime/adapters/system/manual';
import { sqlitePaperBook } from '../../../runtime/adapters/brokers/paper/sqliteBook';
import type { Broker } from '../../../runtime/domain/ports';
import { NOW, silentLog } from '../../doubles/ingressWorld';
import { brokerContract, NOT_SUPPORTED, type BrokerBench, type BrokerSupport } from './suite';
import { paperBench, SHARE } from './paperBench';

async function benchOn(openBook: () => PaperBook | Promise<PaperBook>, clean: () => void | Promise<void>): Promise<BrokerBench> {
  const paper = paperBench();
  let broker: Broker = await paper.connect(await openBook());
  return {
    broker,
    instrument: SHARE,
    async quote(bid, ask) {
      paper.quote(SHARE, bid, ask);
      await broker.funds();
    },
    async reopen() {
      await broker.close();
      broker = await paper.connect(await openBook());
      return broker;
    },
    async close() {
      await paper.close();
      await clean();
    },
  };
}

/** Orders are cancelled and placed anew. */
const PAPER: BrokerSupport = { modify: NOT_SUPPORTED, orderList: true, positionList: true };

brokerContract('paper on SQLite', PAPER, () => {
  const home = mkdtempSync(join(tmpdir(), 'bellwether-paper-'));
  const journals: SqliteJournal[] = [];
  const openBook = async (): Promise<PaperBook> => {
    const journal = await openSqliteJournal({ path: join(home, 'journal.db'), clock: manualClock(NOW), log: silentLog });
    journals.push(journal);
    return sqlitePaperBook(journal, 'paper');
  };
  return benchOn(openBook, async () => {
    await Promise.all(journals.map(({ store }) => store.close()));
    rmSync(home, { recursive: true });
  });
});

brokerContract('paper in memory', PAPER, () => {
  const book = memoryPaperBook();
  return benchOn(() => book, () => undefined);
});
