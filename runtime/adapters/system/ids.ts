import { randomBytes } from 'node:crypto';
import type { Ids } from '../../domain/ports';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 20;

/** Unguessable identifiers: 20 characters of [a-z2-7] with 100 bits from the system's random source; short enough for every broker's client order id. */
export const randomIds: Ids = {
  next: () => Array.from(randomBytes(LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join(''),
};
