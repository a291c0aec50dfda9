import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../tests/doubles/ingressWorld';
import { openRuntime } from './open';

test('a start that the journal refuses leaves no source of prices open', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'bellwether-open-'));
  try {
    writeFileSync(path.join(home, 'bellwether.db'), 'this is no database, whatever its name says. '.repeat(200));
    let closed = 0;
    const market = { latest: () => undefined, quote: () => Promise.resolve(undefined), subscribe: () => () => undefined, close: () => { closed += 1; } };
    await expect(openRuntime({ home, log: silentLog, market })).rejects.toThrow(/bellwether\.db/);
    expect(closed).toBe(1);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
