import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createCatalogue, OVERRIDES_FILE, readOverrides, withOverrides, type Catalogue } from '../../domain/instrument';

/** A larger file is a mistake, not a list of corrections. */
const MAX_FILE_BYTES = 10_000_000;

/**
 * The bundled instruments with the user's `instruments.csv` of the state folder over them.
 * Throws when the file is there but can not be used: trading on facts the user meant to correct would be worse than not starting.
 */
export function loadInstruments(home: string): Catalogue {
  const file = path.join(home, OVERRIDES_FILE);
  if (!existsSync(file)) return createCatalogue();
  if (statSync(file).size > MAX_FILE_BYTES) throw new Error(`${file} is larger than ${MAX_FILE_BYTES} bytes. Keep only the rows you want to add or correct.`);
  const rows = readOverrides(readFileSync(file, 'utf8'));
  if (!rows.ok) throw new Error(`${file}: ${rows.denial.message}`);
  return withOverrides(createCatalogue(), rows.value);
}
