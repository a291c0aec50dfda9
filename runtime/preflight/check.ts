import type { Denial } from '../domain/denial';

/** One thing that was looked at before the trading day, in one line. */
export interface Check {
  /** Stable: `session`, `mode`, `funds`, `clock`, `calendar`, `feed`, `address`. */
  readonly name: string;
  readonly verdict: 'ok' | 'warning' | 'failed';
  readonly message: string;
  /** What a person can do about it; absent where all is well. */
  readonly remedy?: string;
}

export function good(name: string, message: string): Check {
  return { name, verdict: 'ok', message };
}

export function warning(name: string, message: string, remedy: string): Check {
  return { name, verdict: 'warning', message, remedy };
}

export function failed(name: string, { message, remedy }: Pick<Denial, 'message' | 'remedy'>): Check {
  return { name, verdict: 'failed', message, ...(remedy === undefined ? {} : { remedy }) };
}
