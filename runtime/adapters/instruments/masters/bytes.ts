import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

export type Bytes = AsyncIterable<Uint8Array>;

/** A list that can not be read to its end; the message is for people. */
export class MasterError extends Error {
  override readonly name = 'MasterError';
}

const GZIP_MAGIC = [0x1f, 0x8b];

/** The text of a file or answer, piece by piece, unpacked where it is gzip. Throws a MasterError above `maxBytes` of text. */
export async function* textOf(bytes: Bytes, maxBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: false });
  let seen = 0;
  for await (const chunk of unpacked(bytes)) {
    seen += chunk.byteLength;
    if (seen > maxBytes) throw new MasterError(`The list is longer than ${maxBytes} bytes.`);
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
}

async function* unpacked(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  const all = chain(first.value, pieces);
  const isGzip = GZIP_MAGIC.every((byte, index) => first.value[index] === byte);
  yield* isGzip ? gunzipped(all) : all;
}

async function* chain(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip();
  // An error of either end destroys the unpacker, which then throws it here.
  pipeline(Readable.from(packed), unzip, () => undefined);
  try {
    for await (const chunk of unzip) {
      if (!(chunk instanceof Uint8Array)) throw new MasterError('The packed list gave something that is no data.');
      yield chunk;
    }
  } catch (error) {
    if (isZlib(error)) throw new MasterError('The packed list is damaged or broke off.');
    throw error;
  } finally {
    unzip.destroy();
  }
}

function isZlib(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && (error.code.startsWith('Z_') || error.code === 'ERR_STREAM_PREMATURE_CLOSE');
}
