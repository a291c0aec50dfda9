import axios from 'axios';
import type { Clock } from '../../domain/ports';

/** How far a server's clock is ahead of this one. */
export interface ClockDifference {
  /** Positive where the server is ahead. */
  readonly aheadMs: number;
  /** What the answer's way and the header's whole seconds leave open, to either side. */
  readonly doubtMs: number;
}

const PATIENCE_MS = 5_000;
const HALF_SECOND_MS = 500;
const MOST_BYTES = 4 * 1_024 * 1_024;

/** Asks a server for the time by the Date header of any answer. Undefined where there is no answer, or none with a date. No key goes along. */
export async function clockDifference(url: string, clock: Clock): Promise<ClockDifference | undefined> {
  const askedAt = clock.now();
  const header = await axios.get<unknown>(url, { timeout: PATIENCE_MS, maxRedirects: 0, maxContentLength: MOST_BYTES, proxy: false, responseType: 'arraybuffer', validateStatus: () => true })
    .then(({ headers }) => String(headers['date'] ?? ''), () => '');
  const answeredAt = clock.now();
  const at = Date.parse(header);
  if (Number.isNaN(at)) return undefined;
  const half = (answeredAt - askedAt) / 2;
  return { aheadMs: Math.round(at + HALF_SECOND_MS - (askedAt + half)), doubtMs: Math.round(half + HALF_SECOND_MS) };
}
