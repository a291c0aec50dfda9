import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');

const NOT_OURS = new Set(['node_modules', 'dist', 'examples', 'coverage', '.git', '.cache', '.bellwether']);

/** Every file of the project below `folder`, by its path from the root; what tools make is left out. */
export function filesUnder(folder = '.'): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (NOT_OURS.has(entry.name)) return [];
    return entry.isDirectory() ? filesUnder(file) : [file];
  });
}

export function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

export interface Import {
  readonly file: string;
  /** Path from the root for a file of ours, the package's or builtin's name otherwise. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const IMPORT = /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** What a source file imports, re-exports or requires. */
export function importsOf(file: string): readonly Import[] {
  return [...textOf(file).matchAll(IMPORT)].map(([, typeOnly, from, called]) => {
    const name = from ?? called ?? '';
    const target = name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name;
    return { file, target, typeOnly: typeOnly !== undefined };
  });
}

export const sources = (folder: string): readonly string[] => filesUnder(folder).filter((file) => file.endsWith('.ts'));
export const isTest = (file: string): boolean => file.endsWith('.test.ts');
