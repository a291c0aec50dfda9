import path from 'node:path';
import { z } from 'zod';
import type { World } from './main';

/** A file that was named can not be read or written; the message names it and says what to do. */
export class FileUnusable extends Error {
  override readonly name = 'FileUnusable';
}

/** The same world, whose files say in words what is wrong with them. */
export function withFileWords(world: World): World {
  const { backtest, output } = world;
  const inFolder = (file: string): string => path.resolve(world.workingDirectory, file);
  return {
    ...world,
    readText: (file) => said(() => world.readText(file), (code, message) => (file === '-' ? `Standard input can not be read: ${message}` : unread(file, inFolder(file), code, message))),
    ...(backtest === undefined ? {} : { backtest: { ...backtest, writeText: (file, text) => { said(() => { backtest.writeText(file, text); }, (code, message) => unwritten(file, inFolder(file), code, message)); } } }),
    ...(output === undefined ? {} : { output: { write: (text) => output.write(text), file: (file) => said(() => output.file(file), (code, message) => unwritten(file, inFolder(file), code, message)) } }),
  };
}

function unread(file: string, full: string, code: string, message: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR': return `There is no file "${file}": looked for ${full}. Check its name; a name without a folder is looked for where you are.`;
    case 'EISDIR': return `"${file}" is a folder: name a file in it.`;
    case 'EACCES':
    case 'EPERM': return `"${file}" can not be read: you have no right to. Give yourself the right, or copy it to a folder of your own.`;
    default: return `"${file}" can not be read: ${message}`;
  }
}

function unwritten(file: string, full: string, code: string, message: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR': return `"${file}" can not be written: there is no folder ${path.dirname(full)}. Make it first, or name another one.`;
    case 'EISDIR': return `"${file}" can not be written: it is a folder. Name a file in it.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS': return `"${file}" can not be written: you have no right to write in ${path.dirname(full)}. Name a folder of your own.`;
    case 'ENOSPC': return `"${file}" can not be written: the disk is full. Make room, or name another disk.`;
    default: return `"${file}" can not be written: ${message}`;
  }
}

/** What the system refuses is said in words; any other error is passed on as it is. */
function said<T>(work: () => T, words: (code: string, message: string) => string): T {
  try {
    return work();
  } catch (error) {
    const refused = SystemRefusal.safeParse(error);
    if (!refused.success) throw error;
    throw new FileUnusable(words(refused.data.code, refused.data.message), { cause: error });
  }
}

const SystemRefusal = z.object({ code: z.string(), syscall: z.string(), message: z.string() });
