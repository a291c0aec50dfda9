import type { Instrument } from '../../runtime/domain/market';
import { indiaMidnight } from '../../runtime/domain/session';
import { MINUTE_MS, type EpochMs } from '../../runtime/domain/time';

/** What a trigger says of itself on the canvas. */
export interface Board {
  /** A candle of which ticks were missed was passed over. */
  incomplete(instrument: Instrument, time: EpochMs): void;
  /** Whether the condition can be judged for this symbol. */
  judged(instrument: Instrument, known: boolean): void;
  /** The newest thing that was said. */
  fired(instrument: Instrument, at: EpochMs): void;
}

/** `watching 3 symbols · 5m, SBIN at 09:25, 1 not known yet, incomplete: TCS 09:20`. Said only when it changes. */
export function createBoard(count: number, what: string, say: (text: string) => void): Board {
  const incompletes = new Map<string, string>();
  const unknown = new Set<string>();
  let newest = '';
  let said = '';
  const show = (): void => {
    const notes = [newest, unknown.size === 0 ? '' : `${unknown.size} not known yet`, incompletes.size === 0 ? '' : `incomplete: ${[...incompletes.values()].at(-1) ?? ''}`];
    const text = [`watching ${count === 1 ? '1 symbol' : `${count} symbols`} · ${what}`, ...notes.filter((note) => note !== '')].join(', ');
    if (text === said) return;
    said = text;
    say(text);
  };
  show();
  return {
    incomplete({ key, symbol }, time) {
      incompletes.set(key, `${symbol} ${clockText(time)}`);
      show();
    },
    judged({ key }, known) {
      incompletes.delete(key);
      if (known) unknown.delete(key);
      else unknown.add(key);
      show();
    },
    fired({ symbol }, at) {
      newest = `${symbol} at ${clockText(at)}`;
      show();
    },
  };
}

function clockText(time: EpochMs): string {
  const minutes = Math.floor((time - indiaMidnight(time)) / MINUTE_MS);
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
