import { MasterError } from './bytes';
import { MAX_RECORD_LENGTH, type BrokenLine, type MasterRecord } from './record';

const QUOTE = 34, BACKSLASH = 92, OPEN_BRACE = 123, CLOSE_BRACE = 125, OPEN_BRACKET = 91, CLOSE_BRACKET = 93;

/** A list stands at the top or under the keys of an envelope, never deeper. */
const DEEPEST_LIST = 3;

/** Where the reader is between two pieces of text. */
interface Place {
  depth: number;
  inText: boolean;
  escaped: boolean;
  /** Containers outside a record, as brackets, outermost first. */
  readonly path: number[];
  /** Whether a record is open. */
  inRecord: boolean;
  lists: number;
}

/**
 * The objects of the first lists of a JSON text, one at a time, so that the whole is never in memory: `[{…},{…}]` as well as `{"data":[{…},…]}`.
 * Throws a MasterError when the text ends early or there is no list in it.
 */
export async function* jsonRecords(text: AsyncIterable<string>): AsyncGenerator<readonly (MasterRecord | BrokenLine)[]> {
  const place: Place = { depth: 0, inText: false, escaped: false, path: [], inRecord: false, lists: 0 };
  let open = '';
  let line = 0;
  for await (const piece of text) {
    const records: (MasterRecord | BrokenLine)[] = [];
    open = scan(place, piece, open, (raw) => {
      line += 1;
      records.push(parse(raw, line));
    });
    if (open.length > MAX_RECORD_LENGTH) throw new MasterError(`Record ${line + 1} never ends.`);
    yield records;
  }
  if (place.lists === 0) throw new MasterError('The answer holds no list of instruments.');
  if (place.path.length > 0 || place.inRecord || place.inText) throw new MasterError('The list broke off before its end.');
}

/** Walks one piece; gives back the part of a record that is still open. */
function scan(place: Place, piece: string, before: string, found: (raw: string) => void): string {
  let start = place.inRecord ? 0 : -1;
  let open = before;
  for (let index = 0; index < piece.length; index += 1) {
    const code = piece.charCodeAt(index);
    if (place.inText) {
      if (place.escaped) place.escaped = false;
      else if (code === BACKSLASH) place.escaped = true;
      else if (code === QUOTE) place.inText = false;
    } else if (code === QUOTE) {
      place.inText = true;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (!place.inRecord && code === OPEN_BRACE && place.path.at(-1) === OPEN_BRACKET) {
        place.inRecord = true;
        place.depth = 1;
        start = index;
      } else if (place.inRecord) place.depth += 1;
      else enter(place, code);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (!place.inRecord) place.path.pop();
      else if (--place.depth === 0) {
        found(open + piece.slice(start, index + 1));
        open = '';
        place.inRecord = false;
      }
    }
  }
  return place.inRecord ? open + piece.slice(start) : '';
}

function enter(place: Place, code: number): void {
  if (place.path.length >= DEEPEST_LIST) throw new MasterError('The answer is no list of instruments.');
  if (code === OPEN_BRACKET) place.lists += 1;
  place.path.push(code);
}

function parse(raw: string, line: number): MasterRecord | BrokenLine {
  try {
    const fields: unknown = JSON.parse(raw);
    return isRecord(fields) ? { line, fields } : { line, why: 'no object' };
  } catch (error) {
    if (error instanceof SyntaxError) return { line, why: 'no valid JSON' };
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
