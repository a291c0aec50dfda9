import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countingIds } from './adapters/system/manual';
import { manualMarket } from './adapters/ticks/simulated/manualMarket';
import { leaseRuntime } from './lease';
import type { RuntimeOptions } from './open';
import { silentLog, tradingView } from '../tests/doubles/ingressWorld';

/** Longer than the linger of a runtime that nobody holds. */
const LINGERED_MS = 3_500;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bellwether-lease-'));
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(async () => {
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const options = (more: Partial<RuntimeOptions> = {}): RuntimeOptions => ({ home: ':memory:', log: silentLog, ...more });

/** Turns of the event loop: enough for a runtime in memory to open if nothing holds it up. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('holders of one process share the runtime, across a short time without any', async () => {
  const first = await leaseRuntime(options());
  first.release();
  await jest.advanceTimersByTimeAsync(1_000);
  const second = await leaseRuntime(options());
  expect(second.runtime).toBe(first.runtime);
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  const third = await leaseRuntime(options());
  expect(third.runtime).toBe(first.runtime);
  second.release();
  third.release();
});

test('another state folder is refused by name while the runtime is open', async () => {
  const held = await leaseRuntime(options());
  await expect(leaseRuntime(options({ home: folder }))).rejects.toThrow(folder);
  held.release();
});

test('an opening that failed leaves later holders alone', async () => {
  const notAFolder = path.join(folder, 'file');
  writeFileSync(notAFolder, '');
  await expect(leaseRuntime(options({ home: notAFolder }))).rejects.toThrow();
  const held = await leaseRuntime(options());
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  const again = await leaseRuntime(options());
  expect(again.runtime).toBe(held.runtime);
  held.release();
  again.release();
});

test('the next runtime opens when the one before has closed', async () => {
  const events: string[] = [];
  let endPatience = (): void => undefined;
  const patience = new Promise<void>((resolve) => { endPatience = resolve; });
  const market = { ...manualMarket(), close: () => { events.push('closed'); } };
  const first = await leaseRuntime(options({ market, ids: countingIds('r'), pause: () => patience }));
  const delivered = new Promise<void>((started) => {
    first.runtime.ingress.attach('tv', () => { started(); return new Promise(() => undefined); });
  });
  const body = Buffer.from('BUY SBIN 10');
  await first.runtime.ingress.receive(tradingView(), { raw: body, headers: {}, remoteAddress: '127.0.0.1', receivedAt: first.runtime.now() }, 'attached');
  await delivered;
  first.release();
  await jest.advanceTimersByTimeAsync(LINGERED_MS);
  const next = leaseRuntime(options()).then((lease) => {
    events.push('opened');
    return lease;
  });
  await turns();
  endPatience();
  const held = await next;
  expect(events).toEqual(['closed', 'opened']);
  expect(held.runtime).not.toBe(first.runtime);
  held.release();
});
