import type { Exchange } from '../../market';
import type { Listing } from '../master';
import { editDistance } from './editDistance';

/** A listing, prepared for being looked at with every search. */
export interface SearchEntry {
  readonly listing: Listing;
  /** The symbol without `-` and `&`. */
  readonly plainBase: string;
  readonly nameWords: readonly string[];
}

/** The better match is the lower: the symbol itself, its beginning, a word of the name, the beginning of one, a part of the symbol, a misspelling. */
const EXACT = 0, PREFIX = 1, NAME_WORD = 2, NAME_PREFIX = 3, INSIDE = 4, MISSPELT = 5;

/** Shorter words are like too many others. */
const LEAST_MISSPELT = 4;
const LONG_WORD = 8;
const LEAST_INSIDE = 3;

const EXCHANGE_ORDER: readonly Exchange[] = ['NSE', 'NSE_INDEX', 'BSE', 'BSE_INDEX', 'NFO', 'BFO', 'MCX', 'MCX_INDEX', 'CDS', 'BCD'];

export function searchEntry(listing: Listing): SearchEntry {
  return { listing, plainBase: plain(listing.base), nameWords: (listing.name ?? '').toUpperCase().split(/[^A-Z0-9&]+/).filter((word) => word !== '') };
}

/**
 * Entries that match every word, the best first. Misspellings are looked for only where nothing is spelled right.
 * `exactIfAny`: where the words are a symbol, only that.
 */
export function rankEntries(entries: readonly SearchEntry[], words: readonly string[], { exactIfAny = false }: { readonly exactIfAny?: boolean } = {}): readonly Listing[] {
  const plainWords = words.map(plain).filter((word) => word !== '');
  if (plainWords.length === 0) return [];
  const right = ranked(entries, plainWords, spelledRight);
  const exact = exactIfAny ? right.filter(({ score }) => score === EXACT) : [];
  const found = exact.length > 0 ? exact : right.length > 0 ? right : ranked(entries, plainWords, misspelt);
  return found.map(({ listing }) => listing);
}

type Score = (entry: SearchEntry, word: string) => number | undefined;

interface Scored {
  readonly listing: Listing;
  readonly score: number;
}

function ranked(entries: readonly SearchEntry[], words: readonly string[], scoreOf: Score): readonly Scored[] {
  const whole = words.join('');
  const found: Scored[] = [];
  for (const entry of entries) {
    const score = words.length > 1 && entry.plainBase === whole ? EXACT : worst(entry, words, scoreOf);
    if (score !== undefined) found.push({ listing: entry.listing, score });
  }
  return found.sort((a, b) => a.score - b.score || compare(a.listing, b.listing));
}

function worst(entry: SearchEntry, words: readonly string[], scoreOf: Score): number | undefined {
  let score = 0;
  for (const word of words) {
    const one = scoreOf(entry, word);
    if (one === undefined) return undefined;
    score = Math.max(score, one);
  }
  return score;
}

function spelledRight({ plainBase, nameWords }: SearchEntry, word: string): number | undefined {
  if (plainBase === word) return EXACT;
  if (plainBase.startsWith(word)) return PREFIX;
  if (nameWords.includes(word)) return NAME_WORD;
  if (nameWords.some((one) => one.startsWith(word))) return NAME_PREFIX;
  return word.length >= LEAST_INSIDE && plainBase.includes(word) ? INSIDE : undefined;
}

function misspelt(entry: SearchEntry, word: string): number | undefined {
  const right = spelledRight(entry, word);
  if (right !== undefined || word.length < LEAST_MISSPELT) return right;
  const most = word.length >= LONG_WORD ? 2 : 1;
  const base = distance(word, entry.plainBase, most);
  if (base <= most) return MISSPELT + base;
  const name = Math.min(most + 1, ...entry.nameWords.map((one) => distance(word, one, most)));
  return name <= most ? MISSPELT + most + name : undefined;
}

/** Few mistakes are made in the first letter; looking at it first spares nearly all of the work. */
function distance(word: string, other: string, most: number): number {
  const mayBeAlike = word.charCodeAt(0) === other.charCodeAt(0) || word.charCodeAt(1) === other.charCodeAt(0) || word.charCodeAt(0) === other.charCodeAt(1);
  return mayBeAlike ? editDistance(word, other, most) : most + 1;
}

function compare(a: Listing, b: Listing): number {
  return Number(!a.plain) - Number(!b.plain) || EXCHANGE_ORDER.indexOf(a.exchange) - EXCHANGE_ORDER.indexOf(b.exchange) || a.base.length - b.base.length || (a.base < b.base ? -1 : a.base > b.base ? 1 : 0);
}

function plain(text: string): string {
  return text.replace(/[&\-_.'/()]/g, '');
}
