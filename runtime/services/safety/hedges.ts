import { underlyingOf } from '../../domain/closingOrder';
import type { Clock } from '../../domain/ports';
import type { Position } from '../../domain/position';
import { SECOND_MS, type EpochMs } from '../../domain/time';

/** What is bought waits so long for the shorts on the same underlying that are being bought back; then it is sold beside them. */
export const HEDGE_WAIT_MS = 20 * SECOND_MS;

/** Which longs may cover a short that is not bought back yet. Kept in memory: a new life waits anew, within the same bounds. */
export interface Hedges {
  /** The shorts that are to be closed and still open. */
  note(shorts: readonly Position[]): void;
  /** True while this long has to wait for one of them. */
  mustWait(long: Position): boolean;
}

export function createHedges(clock: Clock): Hedges {
  let since: ReadonlyMap<string, EpochMs> = new Map();
  return {
    note(shorts) {
      since = new Map(shorts.map((short) => { const on = underlyingOf(short); return [on, since.get(on) ?? clock.now()]; }));
    },
    mustWait(long) {
      const first = since.get(underlyingOf(long));
      return first !== undefined && clock.now() - first < HEDGE_WAIT_MS;
    },
  };
}
