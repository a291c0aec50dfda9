import { rmSync } from 'node:fs';
import path from 'node:path';
import { nodeRedRunner } from '../../runtime/hosts/backtests';
import { findNodeRed } from '../../runtime/hosts/replay';
import { valueOf } from '../doubles/shippedFlow';
import { n8nCanvas, redCanvas } from './desksCanvas';
import { countsOf, inLane, inN8n, inNodeRed, laneA, stretch, type Decided, type Stretch } from './desksRun';
import { describeWithRealMonths } from './market';
import { ROOT } from './nodeRed/host';

jest.setTimeout(2_000_000);

const IS_LONG = process.env['BELLWETHER_LONG'] === '1';
/** Three days in every run of the tests, in lane A alone; the month, and everybody else, in `npm run test:long`. */
const DAYS = IS_LONG ? { from: '2022-06-01 09:00', until: '2022-06-30 15:30' } : { from: '2022-06-08 09:00', until: '2022-06-10 15:30' };
/** What each strategy decides at least in a month, and all together in three days. */
const FEWEST = { ofOne: 15, ofAll: 100 };

const laneB = (days: Stretch): Promise<Decided> => inLane(nodeRedRunner({ program: path.join(ROOT, 'dist/cli/nodeRedWorker.js'), nodeRed: valueOf(findNodeRed([ROOT])) }), days, (desk) => redCanvas([desk]));
const OTHERS: Readonly<Record<string, (days: Stretch) => Promise<Decided>>> = {
  ...(IS_LONG ? { 'lane B, a headless Node-RED': laneB, 'a real Node-RED': inNodeRed } : {}),
  ...(IS_LONG && process.env['SKIP_N8N'] !== '1' ? { 'a real n8n': inN8n } : {}),
};

describeWithRealMonths('every shipped flow that can decide on recorded candles', () => {
  let days: Stretch;
  let expected: Decided;
  beforeAll(async () => {
    days = stretch(DAYS);
    expected = await inLane(laneA(), days, (desk) => n8nCanvas([desk]));
  });
  afterAll(() => rmSync(days.folder, { recursive: true, force: true }));

  test('decides often enough to be compared', () => {
    const counts = Object.values(countsOf(expected));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(FEWEST.ofAll);
    if (IS_LONG) expect(Math.min(...counts)).toBeGreaterThanOrEqual(FEWEST.ofOne);
    if (IS_LONG) process.stdout.write(`\nIntents by strategy: ${JSON.stringify(countsOf(expected))}\n`);
  });

  test('decides the same in lane A from either editor’s file, byte for byte', async () => {
    expect(await inLane(laneA(), days, (desk) => redCanvas([desk]))).toEqual(expected);
  });

  for (const [name, run] of Object.entries(OTHERS)) {
    test(`decides the same in ${name}, byte for byte`, async () => {
      expect(await run(days)).toEqual(expected);
    });
  }
});
