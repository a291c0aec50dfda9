import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { z } from 'zod';

const folder = mkdtempSync(path.join(tmpdir(), 'bellwether-zones-'));
afterAll(() => rmSync(folder, { recursive: true }));
jest.setTimeout(60_000);

const Printed = z.object({ offsets: z.array(z.number()), plans: z.array(z.array(z.number())) });

test('fault 45: a host in New York, London or Sydney plans the very times of a host in India', () => {
  const script = path.join(folder, 'plan.cjs');
  buildSync({ entryPoints: [path.join(__dirname, 'plan.ts')], bundle: true, platform: 'node', format: 'cjs', outfile: script, logLevel: 'error' });
  const planned = (zone: string) => Printed.parse(JSON.parse(execFileSync(process.execPath, [script], { env: { ...process.env, TZ: zone }, encoding: 'utf8' })));
  const india = planned('Asia/Kolkata');
  expect(india.offsets).toEqual([-330, -330]);
  // The later ones end with the calendar; none is empty.
  expect(Math.min(...india.plans.map(({ length }) => length))).toBeGreaterThan(5);
  for (const [zone, offsets] of [['America/New_York', [300, 240]], ['Europe/London', [0, -60]], ['Australia/Sydney', [-660, -600]]] as const) {
    const elsewhere = planned(zone);
    expect([zone, elsewhere.offsets]).toEqual([zone, offsets]);
    expect(elsewhere.plans).toEqual(india.plans);
  }
});
