import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { madeUpCandles } from './madeUpCandles.mjs';

/** Five weeks without a holiday of the exchange. */
const [FIRST_DAY, LAST_DAY] = ['2026-06-29', '2026-07-31'];
const FLOW = 'EMA crossover.json';

/**
 * What the example "Backtest a flow" walks over lies in the state folder; files that are there stay as they are, but for candles of an earlier demo that did not say that they are made up.
 * `flows` is the editor's folder of prebuilt flows. Returns where the candles are.
 */
export function placeDemoData(stateFolder, flows) {
  const data = path.join(stateFolder, 'data');
  mkdirSync(data, { recursive: true });
  const [candles, flow] = [path.join(data, 'SBIN.csv'), path.join(data, FLOW)];
  const own = madeUpCandles(weekdays(FIRST_DAY, LAST_DAY));
  if (!existsSync(candles) || own.endsWith(`\n${readFileSync(candles, 'utf8')}`)) writeFileSync(candles, own);
  if (!existsSync(flow)) copyFileSync(path.join(flows, FLOW), flow);
  return candles;
}

function weekdays(first, last) {
  const days = [];
  for (const day = new Date(`${first}T00:00:00Z`); day <= new Date(`${last}T00:00:00Z`); day.setUTCDate(day.getUTCDate() + 1)) {
    if (day.getUTCDay() % 6 !== 0) days.push(day.toISOString().slice(0, 10));
  }
  return days;
}
