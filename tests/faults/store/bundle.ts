import { spawn, type ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { buildSync } from 'esbuild';

/** Bundles a script of a folder, of this one unless said otherwise, so that a process of its own can run it. */
export function bundled(script: string, folder: string, from = __dirname): string {
  const outfile = path.join(folder, `${script}.cjs`);
  buildSync({ entryPoints: [path.join(from, `${script}.ts`)], bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' });
  return outfile;
}

export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  readonly lines: Interface;
  readonly exited: Promise<number | null>;
}

/** Starts a bundled script under this Node; its standard error is ours. */
export function started(file: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { process: child, lines: createInterface(child.stdout), exited: new Promise((resolve) => child.once('close', resolve)) };
}
