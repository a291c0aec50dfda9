import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** A file that is there when it is finished, and not before. Every method throws where the disk does. */
export interface OutputFile {
  write(text: string): void;
  finish(): void;
  /** Takes away what was written; for use after a failure. */
  abandon(): void;
}

/** Where text goes that is too long to be held as a whole. */
export interface OutputWorld {
  /** Standard output, once it has taken what was written; false when nobody reads any more. */
  write(text: string): Promise<boolean>;
  /** Relative to the working directory. A file of that name stays as it is until the new one is finished. */
  file(name: string): OutputFile;
}

export function streamedOutput(stream: Writable): OutputWorld {
  return {
    write: (text) => new Promise((resolve) => { stream.write(text, (error) => { resolve(error === undefined || error === null); }); }),
    file: (name) => openFile(name),
  };
}

function openFile(name: string): OutputFile {
  const partial = `${name}.partial`;
  const file = openSync(partial, 'w');
  return {
    write: (text) => { writeWhole(file, text); },
    finish() {
      closeSync(file);
      renameSync(partial, name);
    },
    abandon() {
      closeSync(file);
      rmSync(partial, { force: true });
    },
  };
}

/** A write may take less than it was given. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length;) start += writeSync(file, bytes, start);
}
