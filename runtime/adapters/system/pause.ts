import { setTimeout as wait } from 'node:timers/promises';
import type { Pause } from '../../domain/ports';

/** A real wait. The process stays until it is over: somebody awaits the result. */
export const systemPause: Pause = async (ms) => {
  await wait(ms);
};

/** The same for waits in the background: they keep no process alive. */
export const backgroundPause: Pause = async (ms) => {
  await wait(ms, undefined, { ref: false });
};
