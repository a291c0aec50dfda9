import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { deny, ok, type Outcome } from '../../domain/denial';
import { systemClock } from '../system/clock';
import { isError } from '../system/redact';
import { Sealed, type SealedText } from './sealing';

/** Its name in the state folder. */
export const VAULT_FILE = 'vault.json';

/** Names of entries are account ids. */
const Name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/);
const VaultText = z.strictObject({ format: z.literal('bellwether-vault'), version: z.literal(1), entries: z.record(Name, z.unknown()) });

export type Entries = ReadonlyMap<string, SealedText>;

const MOST_BYTES = 1_024 * 1_024;
/** A writer takes milliseconds; a mark this old was left by one that died. */
const ABANDONED_MS = 60_000;
const OWNER_ONLY = 0o600;

/** The entries as they are sealed; none where there is no file. A file that can not be read is a denial, and is left as it is. */
export function readEntries(home: string): Outcome<Entries> {
  const file = path.join(home, VAULT_FILE);
  let text: string;
  try {
    if (statSync(file).size > MOST_BYTES) return damaged(file, 'it is larger than a vault can be');
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return ok(new Map());
    return deny('VAULT_LOCKED', `The vault ${file} can not be read: ${messageOf(error)}.`, { remedy: 'See that the file belongs to the user who runs Bellwether.' });
  }
  const read = VaultText.safeParse(parsed(text));
  if (!read.success) return damaged(file, 'it is not a vault of version 1');
  const entries = new Map<string, SealedText>();
  for (const [name, sealed] of Object.entries(read.data.entries)) {
    if (!Sealed.safeParse(sealed).success) return damaged(file, `the entry ${name} is damaged`);
    // It has just been checked; what is kept is the text, so that an entry nobody touches stays the same to the byte.
    entries.set(name, sealed as SealedText);
  }
  return ok(entries);
}

/**
 * Changes the entries under a mark that keeps other writers out. The new file is written beside, flushed, and takes the old one's place in one step: whoever reads
 * sees one or the other. Readable by its owner only.
 */
export async function changeEntries(home: string, change: (entries: Entries) => Promise<Outcome<Entries>>): Promise<Outcome<Entries>> {
  const draft = path.join(home, `${VAULT_FILE}.new`);
  const taken = take(draft);
  if (!taken.ok) return taken;
  const file = taken.value;
  let inPlace = false;
  try {
    const read = readEntries(home);
    const changed = read.ok ? await change(read.value) : read;
    if (!changed.ok) return changed;
    writeSync(file, `${JSON.stringify({ format: 'bellwether-vault', version: 1, entries: Object.fromEntries(changed.value) }, null, 2)}\n`);
    fsyncSync(file);
    renameSync(draft, path.join(home, VAULT_FILE));
    inPlace = true;
    flushFolder(home);
    return changed;
  } finally {
    closeSync(file);
    if (!inPlace) unlinkSync(draft);
  }
}

/** The draft of a new file is the mark: only one writer can make it. */
function take(draft: string): Outcome<number> {
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    try {
      return ok(openSync(draft, 'wx', OWNER_ONLY));
    } catch (error) {
      if (!isCode(error, 'EEXIST')) return deny('VAULT_LOCKED', `The vault can not be written: ${messageOf(error)}.`, { remedy: 'See that the state folder exists and belongs to the user who runs Bellwether.' });
      if (attempt === 1 && isAbandoned(draft)) unlinkSync(draft);
    }
  }
  return deny('VAULT_LOCKED', 'Somebody else is changing the vault.', { remedy: `Try again in a moment. If it stays so, remove ${draft}.` });
}

function isAbandoned(draft: string): boolean {
  const made = statSync(draft, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && systemClock.now() - made > ABANDONED_MS;
}

/** So that the change of names survives a power cut. Not every system lets a folder be opened. */
function flushFolder(home: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(home, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function damaged(file: string, why: string): Outcome<never> {
  return deny('VAULT_LOCKED', `The vault ${file} can not be used: ${why}.`, { remedy: 'Put back a copy of it, or remove it and set the secrets again with bellwether vault set.' });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return isError(error) && 'code' in error && error.code === code;
}

function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
