import type { Clock } from '../../domain/ports';

/** The machine's clock. It may step when the machine's time is corrected: order by sequence, not by time, where it matters. */
export const systemClock: Clock = { now: () => Date.now() };
