import type { EpochMs } from '../runtime/domain/time';
import { indianTime } from './table';

/** A line on standard error that draws itself anew, on a terminal only. */
export interface ProgressLine {
  /** `done` from 0 to 1. */
  show(done: number, words: string): void;
  /** Takes the line away. */
  end(): void;
}

const WIDTH = 24;
const EVERY_MS = 100;

/** A bar with the time that is left. Draws nothing where nobody looks, and at most ten times a second. */
export function progressLine({ isTerminal, now, write }: { readonly isTerminal: boolean; readonly now: () => EpochMs; readonly write: (text: string) => void }): ProgressLine {
  const begun = now();
  let drawnAt = -Infinity;
  let drawn = false;
  return {
    show(done, words) {
      if (!isTerminal || now() - drawnAt < EVERY_MS) return;
      drawnAt = now();
      drawn = true;
      const share = Math.min(1, Math.max(0, done));
      const filled = Math.round(share * WIDTH);
      write(`\r\u001B[K[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${Math.floor(share * 100)} %  ${words}${leftText(share, now() - begun)}`);
    },
    end() {
      if (drawn) write('\r\u001B[K');
    },
  };
}

function leftText(share: number, spentMs: number): string {
  if (share < 0.01 || spentMs < 500) return '';
  const seconds = Math.ceil(((spentMs / share) * (1 - share)) / 1_000);
  return `  ${seconds >= 90 ? `${Math.round(seconds / 60)} min` : `${seconds} s`} left`;
}

/** `2022-06-14`, the virtual day that a walk has reached. */
export function dayReached(at: EpochMs): string {
  return indianTime(at).slice(0, 10);
}
