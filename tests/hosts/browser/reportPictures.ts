import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addDays, indiaTime, isTradingDay } from '../../../runtime/domain/session';
import { inBothThemes, take, type Album } from './pictures';

const FLOW = 'flows/node-red/EMA crossover.json';
const [FIRST_DAY, DAYS] = ['2026-01-01', 180] as const;

/** Pictures of the page of a backtest: a shipped flow over made-up prices, by the command as a person gives it. */
export async function reportPictures(album: Album): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-report-'));
  try {
    const [data, out] = [path.join(folder, 'made-up.csv'), path.join(folder, 'report.html')];
    writeFileSync(data, madeUpCandles());
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

/** Five-minute candles of a walk without memory, from a fixed seed: nobody's prices, and nothing in them to win by. */
function madeUpCandles(): string {
  let seed = 11;
  const chance = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5;
  let price = 800;
  const rows = ['time,open,high,low,close,volume'];
  for (let day = 0; day < DAYS; day += 1) {
    const date = addDays(FIRST_DAY, day);
    if (isTradingDay(date) !== true) continue;
    for (let candle = 0; candle < 75; candle += 1) {
      const open = price;
      price *= 1 + chance() * 0.0034;
      const wick = Math.abs(chance()) * price * 0.001;
      rows.push([indiaTime(date, '09:15') + candle * 300_000, ...[open, Math.max(open, price) + wick, Math.min(open, price) - wick, price].map((value) => value.toFixed(2)), 100_000].join(','));
    }
  }
  return `${rows.join('\n')}\n`;
}
