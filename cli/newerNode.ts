import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import path from 'node:path';

/** As package.json's engines say; below it parts of the language and of SQLite are missing. */
const LEAST = [22, 9] as const;

/** Which Node runs a command: this one, another program that was found, or none, with the words for a person. */
export type NodeChoice = { readonly kind: 'this' } | { readonly kind: 'other'; readonly program: string } | { readonly kind: 'none'; readonly message: string };

/** `version` is that of the Node at work (`20.20.2`); `findOther` is asked only where it is too old. */
export function chooseNode(version: string, findOther: () => string | undefined): NodeChoice {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return { kind: 'this' };
  const program = findOther();
  if (program !== undefined) return { kind: 'other', program };
  return { kind: 'none', message: `Bellwether needs Node ${LEAST.join('.')} or newer, 24 is best; this is Node ${version}. Install a newer one and call the command again.` };
}

/** The Node that a clone of the project brings along, where `from` lies in one. */
export function broughtNode(from: string): string | undefined {
  try {
    const manifest = createRequire(from).resolve('node/package.json');
    const program = path.join(path.dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(program) ? program : undefined;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Runs the same command line on another Node and ends as it ends. Ctrl+C reaches both; the child decides what it means. */
export function runOn(program: string, words: readonly string[]): void {
  const child = spawn(program, words, { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => { child.kill('SIGTERM'); });
  child.on('error', (error) => {
    process.stderr.write(`bellwether: ${program} can not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => { process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]); });
}
