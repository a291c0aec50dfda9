import { performance } from 'node:perf_hooks';

/** Milliseconds that have really passed since some moment, whatever anybody does to the machine's clock. A sleeping machine may not count. */
export function elapsedMs(): number {
  return performance.now();
}
