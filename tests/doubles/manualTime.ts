import { manualClock, type ManualClock } from '../../runtime/adapters/system/manual';
import type { Pause } from '../../runtime/domain/ports';
import type { EpochMs } from '../../runtime/domain/time';

/** Event-loop turns after which whoever can go on has gone on, where no disk is involved. */
const TURNS = 10;
/** Waits that one move of the clock may end. */
const STEPS_LIMIT = 100_000;

export interface ManualTime {
  readonly clock: ManualClock;
  readonly pause: Pause;
  /** How many waits are under way. */
  readonly waiting: number;
  /** Lets time pass: every wait ends when its time has come, in order, and what follows from it runs before the next one ends. */
  pass(ms: number): Promise<void>;
  /** The same, up to a time of the clock. */
  passTo(at: EpochMs): Promise<void>;
  /** The machine sleeps until then: the clock jumps, and only then do the waits that are over end. */
  sleepTo(at: EpochMs): Promise<void>;
  /** Somebody sets the clock; waits go on for as long as they were asked to. */
  setClock(at: EpochMs): Promise<void>;
  /** Resolves when so many wait for time to pass; default 1. */
  untilWaiting(count?: number): Promise<void>;
  settle(): Promise<void>;
}

/** A clock and its waits, moved by the test: hours pass in no time, in the right order. `atRest` resolves when what takes real time (a disk) has come to rest: time does not go on before. */
export function manualTime(startsAt: EpochMs, atRest?: () => Promise<void>): ManualTime {
  const clock = manualClock(startsAt);
  /** What has really passed, whatever the clock shows. */
  let passed = 0;
  let waits: { due: number; resolve: () => void }[] = [];
  let watchers: { readonly count: number; readonly resolve: () => void }[] = [];

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await atRest?.();
  };

  async function endWaits(until: number, move: (due: number) => void): Promise<void> {
    for (let step = 0; step < STEPS_LIMIT; step += 1) {
      const [first] = waits.filter(({ due }) => due <= until).sort((one, other) => one.due - other.due);
      if (first === undefined) return;
      waits = waits.filter((wait) => wait !== first);
      move(first.due);
      first.resolve();
      await settle();
    }
    throw new Error('Waits follow upon waits without end.');
  }

  async function passTo(at: EpochMs): Promise<void> {
    const until = passed + at - clock.now();
    await settle();
    await endWaits(until, (due) => {
      clock.advance(Math.max(0, due - passed));
      passed = Math.max(passed, due);
    });
    clock.set(at);
    passed = Math.max(passed, until);
    await settle();
  }

  return {
    clock, settle, passTo,
    pass: (ms) => passTo(clock.now() + ms),
    get waiting() {
      return waits.length;
    },
    pause: (ms) => new Promise((resolve) => {
      waits.push({ due: passed + ms, resolve });
      for (const { count, resolve: go } of watchers) if (waits.length >= count) go();
      watchers = watchers.filter(({ count }) => waits.length < count);
    }),
    async sleepTo(at) {
      await settle();
      passed += at - clock.now();
      clock.set(at);
      await endWaits(passed, () => undefined);
    },
    async setClock(at) {
      clock.set(at);
      await settle();
    },
    untilWaiting: (count = 1) => (waits.length >= count ? Promise.resolve() : new Promise((resolve) => watchers.push({ count, resolve }))),
  };
}
