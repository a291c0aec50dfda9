import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addDays, isTradingDay } from '../../../runtime/domain/session';
import { madeUpCandles } from '../../../scripts/start/madeUpCandles.mjs';
import { inBothThemes, take, type Album } from './pictures';

const FLOW = 'flows/node-red/EMA crossover.json';
const [FIRST_DAY, DAYS] = ['2026-01-01', 180] as const;

/** Pictures of the page of a backtest: a shipped flow over made-up prices, by the command as a person gives it. */
export async function reportPictures(album: Album): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-report-'));
  try {
    const [data, out] = [path.join(folder, 'made-up.csv'), path.join(folder, 'report.html')];
    writeFileSync(data, madeUpCandles(tradingDays()));
    const ran = spawnSync(process.execPath, ['dist/cli/bellwether.js', 'backtest', FLOW, '--data', data, '--symbol', 'NSE:SBIN', '--name', 'EMA crossover over made-up prices', '--capital', '200000', '--out', out], { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`The backtest failed: ${ran.stderr}`);
    await inBothThemes(async (browser, mode) => {
      await browser.page.setContent(readFileSync(out, 'utf8'));
      await browser.page.locator('#trades tbody tr').first().waitFor();
      await take(album, browser, 'report', mode);
      await browser.page.locator('#trades tbody tr').nth(4).press('Enter');
      await browser.page.locator('#prices').scrollIntoViewIfNeeded();
      await take(album, browser, 'report-prices', mode);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Days on which the exchange was open, from the first one on. */
function tradingDays(): readonly string[] {
  return Array.from({ length: DAYS }, (_, day) => addDays(FIRST_DAY, day)).filter((date) => isTradingDay(date) === true);
}
