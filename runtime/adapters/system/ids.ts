import { randomFillSync } from 'node:crypto';
import type { Ids } from '../../domain/ports';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 20;

/** Random bytes are fetched from the system for this many ids at once: asking costs more than the bytes. */
const IDS_AT_ONCE = 64;
const pool = new Uint8Array(LENGTH * IDS_AT_ONCE);
let used = pool.length;

/** Unguessable identifiers: 20 characters of [a-z2-7] with 100 bits from the system's random source; short enough for every broker's client order id. */
export const randomIds: Ids = {
  next() {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    let id = '';
    for (const end = used + LENGTH; used < end; used += 1) id += ALPHABET.charAt((pool[used] ?? 0) % ALPHABET.length);
    return id;
  },
};
