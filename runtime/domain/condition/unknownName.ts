import type { Cursor } from './cursor';
import { nearest } from './nearest';
import { findFunction } from './vocabulary';

/** `rsi_14`, `ema9`: a name with its period glued to it. */
const GLUED = /^([A-Za-z_]*[A-Za-z])_?(\d+)$/;

/** Where an operator stands and the left side is missing, or a foreign keyword is used. */
const FOREIGN: Readonly<Record<string, string>> = {
  crossover: 'Write: ema(9) crosses above ema(21).', crossunder: 'Write: ema(9) crosses below ema(21).', crossed: 'Write: ema(9) crosses above ema(21).',
  if: 'Leave "if" out: the text is the condition itself.', when: 'Leave "when" out: the text is the condition itself.',
  true: 'Conditions stand by themselves: write the condition, or "not" before it.', false: 'Conditions stand by themselves: write the condition, or "not" before it.',
};

/** What to say about the name at the cursor that the vocabulary does not know: with the name that was probably meant. */
export function unknownName(cursor: Cursor, path: string): { readonly message: string; readonly remedy?: string } {
  const message = `unknown name "${path}"`;
  const foreign = Object.hasOwn(FOREIGN, path.toLowerCase()) ? FOREIGN[path.toLowerCase()] : undefined;
  const remedy = foreign ?? suggestion(cursor, path);
  return remedy === undefined ? { message } : { message, remedy };
}

function suggestion(cursor: Cursor, path: string): string | undefined {
  const { functions, patterns, fields } = cursor.vocabulary;
  const [, name = '', period = ''] = GLUED.exec(path) ?? [];
  const glued = findFunction(cursor.vocabulary, name);
  if (glued !== undefined && glued.parameters.length > 0) return `Did you mean ${glued.name}(${period})?`;
  const close = nearest(path, [...functions.map((each) => each.name), ...fields.map((field) => field.replace(/\.\*$/, ''))])
    ?? nearest(path.split('.')[0] ?? '', functions.map((each) => each.name))
    ?? nearestPattern(cursor, patterns);
  return close === undefined ? undefined : `Did you mean ${close}?`;
}

/** A pattern of n words is compared with the next n words. */
function nearestPattern(cursor: Cursor, patterns: readonly string[]): string | undefined {
  let words = '';
  for (let count = 1; cursor.ahead(count - 1).kind === 'word' && count <= 4; count += 1) {
    words = words === '' ? cursor.token.text : `${words} ${cursor.ahead(count - 1).text}`;
    const close = nearest(words, patterns.filter((pattern) => pattern.split(' ').length === count));
    if (close !== undefined) return close;
  }
  return undefined;
}
