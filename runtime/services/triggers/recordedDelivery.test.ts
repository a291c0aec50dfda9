import { manualClock } from '../../adapters/system/manual';
import { atItsTime } from './recordedDelivery';
import type { AtTime } from './recordedSchedule';
import { createStop } from './stop';

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A recording at 100 that plays to what waits for it when it is told. */
function recording() {
  const clock = manualClock(100);
  const stop = createStop();
  const agenda = new Set<{ readonly due: number; readonly work: () => void | Promise<void> }>();
  const atTime: AtTime = (due, work) => {
    const entry = { due, work };
    agenda.add(entry);
    return () => void agenda.delete(entry);
  };
  /** Resolves when the recording may go on. */
  const play = async (): Promise<void> => {
    for (const entry of [...agenda]) {
      agenda.delete(entry);
      clock.set(entry.due);
      await entry.work();
    }
  };
  return { agenda, stop, play, ports: { clock, stop, atTime } };
}

test('what was said later in the recording is handed over there, and the recording waits for its flow', async () => {
  const { ports, play } = recording();
  const log: string[] = [];
  let end = (): void => undefined;
  const handed = atItsTime(ports, { happenedAt: 250 }, () => {
    log.push(`handed over at ${ports.clock.now()}`);
    return new Promise((resolve) => { end = resolve; });
  });
  await settle();
  expect(log).toEqual([]);
  const played = play().then(() => log.push('plays on'));
  await settle();
  expect(log).toEqual(['handed over at 250']);
  end();
  await Promise.all([handed, played]);
  expect(log).toEqual(['handed over at 250', 'plays on']);
});

test.each([100, 50])('what was said at %d, by now, is handed over at once', async (happenedAt) => {
  const { ports, agenda } = recording();
  let handed = 0;
  await atItsTime(ports, { happenedAt }, () => Promise.resolve(void (handed += 1)));
  expect([handed, agenda.size]).toEqual([1, 0]);
});

test('where time passes by itself nothing waits', async () => {
  const { ports: { clock, stop } } = recording();
  let handed = 0;
  await atItsTime({ clock, stop }, { happenedAt: 250 }, () => Promise.resolve(void (handed += 1)));
  expect(handed).toBe(1);
});

test('a flow that fails is told, and the recording plays on', async () => {
  const { ports, play } = recording();
  const handed = atItsTime(ports, { happenedAt: 250 }, () => Promise.reject(new Error('broken')));
  const failure = expect(handed).rejects.toThrow('broken');
  await play();
  await failure;
});

test('stopped while it waits, it is given back and leaves nothing behind', async () => {
  const { ports, stop, agenda } = recording();
  let handed = 0;
  const waiting = atItsTime(ports, { happenedAt: 250 }, () => Promise.resolve(void (handed += 1)));
  stop.stop();
  await expect(waiting).rejects.toThrow('stopped');
  expect([handed, agenda.size]).toEqual([0, 0]);
});
