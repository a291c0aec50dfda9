import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

setFlagsFromString('--expose-gc');
const collect = z.custom<() => void>((value) => typeof value === 'function').parse(runInNewContext('gc'));

/** Bytes in use after a forced collection: what is really held, whatever waits to be swept. */
export function heapInUse(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
