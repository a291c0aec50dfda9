import type { EpochMs } from '../../../domain/time';

/** The time that a flow is to live in. */
export interface VirtualClock {
  now(): EpochMs;
  /** Does work when the time reaches `due`; the returned function takes it back. */
  atTime(due: EpochMs, work: () => void | Promise<void>): () => void;
}

/** `Date` as it was: for what is measured in real time. */
const RealDate = Date;

/** A Date whose present is the virtual one; given values mean what they always mean. */
export function virtualDate(now: () => EpochMs): DateConstructor {
  return new Proxy(RealDate, {
    construct(target, args: readonly unknown[], self): object {
      const made: unknown = Reflect.construct(target, args.length === 0 ? [now()] : args, self);
      return typeof made === 'object' && made !== null ? made : new RealDate(now());
    },
    apply: () => new RealDate(now()).toString(),
    get: (target, name, self): unknown => (name === 'now' ? now : Reflect.get(target, name, self)),
  });
}

/** What `setTimeout` returns. It never keeps a process alive. */
export class VirtualTimer {
  constructor(readonly cancel: () => void) {}
  ref(): this { return this; }
  unref(): this { return this; }
  hasRef(): boolean { return false; }
}

type Callback = (...args: unknown[]) => void;

/** Timers that ring in virtual time, as appointments of the world. After each the flow comes to rest (`settle`) before anything else happens. */
export function virtualTimers(clock: VirtualClock, settle: () => Promise<void>): { setTimeout: (work: Callback, ms?: number, ...args: unknown[]) => VirtualTimer; setInterval: (work: Callback, ms?: number, ...args: unknown[]) => VirtualTimer; clear: (timer: unknown) => void } {
  const plan = (work: Callback, ms: number, args: readonly unknown[]): (() => void) => clock.atTime(clock.now() + Math.max(0, Math.trunc(ms) || 0), () => {
    work(...args);
    return settle();
  });
  return {
    setTimeout: (work, ms = 0, ...args) => new VirtualTimer(plan(work, ms, args)),
    setInterval(work, ms = 0, ...args) {
      let cancel: () => void = () => undefined;
      // One that never rests would stop the time.
      const every = Math.max(1, ms);
      const again = (): void => {
        cancel = plan(() => {
          again();
          work(...args);
        }, every, []);
      };
      again();
      return new VirtualTimer(() => { cancel(); });
    },
    clear: (timer) => {
      if (timer instanceof VirtualTimer) timer.cancel();
    },
  };
}
