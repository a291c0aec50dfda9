import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { MasterBatch, MasterSource } from '../../domain/instrument';
import type { EpochMs } from '../../domain/time';
import { MasterError, type Bytes } from './masters/bytes';
import { readMaster } from './masters/readMaster';

/** The folder in the state directory for lists that people download themselves. */
export const MASTERS_FOLDER = 'masters';

const LISTS = /\.(?:csv|json)(?:\.gz)?$/i;
const MOST_FILES = 50;
const MOST_FILE_BYTES = 256 * 1_024 * 1_024;

/**
 * Brokers' lists as files, `*.csv` and `*.json`, also `.gz`: all of them together are one master, as old as the oldest of them. They are read by name; the first to list an instrument counts.
 * No folder and no file is no error: there is nothing to fetch.
 */
export function folderSource(home: string): MasterSource {
  const folder = path.join(home, MASTERS_FOLDER);
  return {
    name: 'folder',
    async fetch(readAt) {
      await Promise.resolve();
      const files = listsIn(folder);
      const [first] = files;
      if (first === undefined) return undefined;
      const asOf = files.reduce<EpochMs>((oldest, { writtenAt }) => Math.min(oldest, writtenAt), first.writtenAt);
      const newest = files.reduce<EpochMs>((latest, { writtenAt }) => Math.max(latest, writtenAt), 0);
      return readAt !== undefined && newest <= readAt ? undefined : { asOf, batches: batchesOf(files) };
    },
  };
}

interface ListFile {
  readonly file: string;
  readonly writtenAt: EpochMs;
}

function listsIn(folder: string): readonly ListFile[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => LISTS.test(name)).sort();
  if (names.length > MOST_FILES) throw new MasterError(`${folder} holds ${names.length} lists; at most ${MOST_FILES} are read.`);
  return names.map((name) => {
    const file = path.join(folder, name);
    const { mtimeMs, size } = statSync(file);
    if (size > MOST_FILE_BYTES) throw new MasterError(`${file} is larger than ${MOST_FILE_BYTES} bytes.`);
    return { file, writtenAt: Math.floor(mtimeMs) };
  });
}

async function* batchesOf(files: readonly ListFile[]): AsyncGenerator<MasterBatch> {
  for (const { file } of files) {
    try {
      yield* readMaster(bytesOf(file));
    } catch (error) {
      throw error instanceof MasterError ? new MasterError(`${path.basename(file)}: ${error.message}`) : error;
    }
  }
}

async function* bytesOf(file: string): Bytes {
  const stream = createReadStream(file);
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) throw new MasterError('The file gave something that is no data.');
      yield chunk;
    }
  } finally {
    stream.destroy();
  }
}
