import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PaperBook } from '../../../runtime/adapters/brokers/paper/book';
import { memoryPaperBook } from '../../../runtime/adapters/brokers/paper/memoryBook';
import { paperBookFile, sqlitePaperBook } from '../../../runtime/adapters/brokers/paper/sqliteBook';
import type { Broker } from '../../../runtime/domain/ports';
import { brokerContract, type BrokerBench } from './suite';
import { paperBench, SHARE } from './paperBench';

async function benchOn(openBook: () => PaperBook, clean: () => void): Promise<BrokerBench> {
  const paper = paperBench();
  let broker: Broker = await paper.connect(openBook());
  return {
    broker,
    instrument: SHARE,
    async quote(bid, ask) {
      paper.quote(SHARE, bid, ask);
      await broker.funds();
    },
    async reopen() {
      await broker.close();
      broker = await paper.connect(openBook());
      return broker;
    },
    async close() {
      await paper.close();
      clean();
    },
  };
}

brokerContract('paper on SQLite', { resting: true, stops: true, reconnection: true }, () => {
  const home = mkdtempSync(join(tmpdir(), 'bellwether-paper-'));
  return benchOn(() => sqlitePaperBook({ file: paperBookFile(home, 'paper') }), () => rmSync(home, { recursive: true }));
});

brokerContract('paper in memory', { resting: true, stops: true, reconnection: true }, () => {
  const book = memoryPaperBook();
  return benchOn(() => book, () => undefined);
});
