import { csvRecords } from './csvRecords';
import { jsonRecords } from './jsonRecords';
import type { BrokenLine, MasterRecord } from './record';

/** The records of a CSV or JSON text, which its first character tells apart. */
export async function* recordsOf(text: AsyncIterable<string>): AsyncGenerator<readonly (MasterRecord | BrokenLine)[]> {
  const pieces = text[Symbol.asyncIterator]();
  let head = '';
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
    head += next.value;
    if (head.trim() !== '') break;
  }
  const whole = chain(head, pieces);
  const first = head.trimStart().charAt(0);
  yield* first === '{' || first === '[' ? jsonRecords(whole) : csvRecords(whole);
}

async function* chain(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
