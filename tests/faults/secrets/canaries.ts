import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * How a secret may look where it does not belong: as it is, percent-encoded, inside JSON, in hexadecimal, and in base64 at each of the three places where a byte may stand
 * within a group (the edges, which depend on what stands beside it, are left out).
 */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replace(/=+$/, '');
    const core = text.slice(before === 0 ? 0 : before + 1, text.length - 2);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [...new Set([secret, encodeURIComponent(secret), new URLSearchParams({ k: secret }).toString().slice(2), JSON.stringify(secret).slice(1, -1), bytes.toString('hex'), ...base64])];
}

/** Where any form of any secret stands: `name of the secret in name of the place`. */
export function found(secrets: Readonly<Record<string, string>>, places: Readonly<Record<string, string | Buffer>>): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => formsOf(secret).flatMap((form) =>
    Object.entries(places).flatMap(([place, content]) => (content.includes(form) ? [`${name} in ${place}`] : []))));
}

/** Every file below a folder, as its bytes. */
export function filesBelow(folder: string): Record<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(path.join(folder, file)).isFile());
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(folder, file))]));
}

/** Every row of every table of an SQLite file, as text. */
export function tablesOf(file: string): Record<string, string> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database.prepare('select name from sqlite_master where type = \'table\' and name not like \'sqlite_%\'').all().map(({ name }) => String(name));
    return Object.fromEntries(tables.map((table) => [table, JSON.stringify(database.prepare(`select * from "${table}"`).all(), (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))]));
  } finally {
    database.close();
  }
}
