import { setTimeout as wait } from 'node:timers/promises';
import type { Pause } from '../../domain/ports';

/** A real wait. The process stays until it is over: somebody awaits the result. */
export const systemPause: Pause = async (ms) => {
  await wait(ms);
};
