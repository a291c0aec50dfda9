import { manualClock } from '../../../runtime/adapters/system/manual';
import { openMemoryFile, openMemoryStore } from '../../simulate/memoryStore';
import { admitted, buy, recordingLog, request, T0, type OpenedStore } from './fixtures';
import { storeContract } from './suite';

async function open(): Promise<OpenedStore> {
  const clock = manualClock(T0);
  return { clock, store: await openMemoryStore({ clock, log: recordingLog().log }) };
}

storeContract('the simulator’s store in memory', open, { durable: false });

test('a power cut takes what was not flushed, and nothing else', async () => {
  const file = await openMemoryFile({ clock: manualClock(T0), log: recordingLog().log });
  const store = file.storeOver({
    write(operation) {
      const applied = file.apply(operation);
      return applied.ok ? Promise.resolve(applied.value) : Promise.reject(new Error(String(applied.error)));
    },
    read: (operation) => Promise.resolve(operation()),
    close: () => Promise.resolve(),
  });
  await admitted(store, 'kept');
  file.flush();
  await admitted(store, 'lost');
  expect((await store.orders()).map(({ id }) => id)).toEqual(['olost', 'okept']);
  file.failPower();
  expect((await store.orders()).map(({ id }) => id)).toEqual(['okept']);
  await expect(store.admit(request('lost'), () => buy(1))).resolves.toMatchObject({ duplicate: false });
  file.close();
});
