import { ok, type Outcome } from '../../../domain/denial';
import type { Expression } from './ast';
import { parseExpression } from './parse';

/** True for a saved value of n8n that is an expression: a text that begins with `=`. */
export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('=');
}

/**
 * A saved text of n8n. Without `=` in front it is what it says; `={{ … }}` and nothing else is a value of any kind; anything more is text with values in it.
 * Columns in messages count in the saved text.
 */
export function parseTemplate(saved: string): Outcome<Expression> {
  if (!isExpression(saved)) return ok({ kind: 'literal', value: saved });
  const chunks = chunksOf(saved);
  const parsed: { readonly part: Expression; readonly isText: boolean }[] = [];
  for (const { code, text, at } of chunks) {
    const part = text ? ok<Expression>({ kind: 'literal', value: code }) : parseExpression(code, at);
    if (!part.ok) return part;
    parsed.push({ part: part.value, isText: text });
  }
  const [first, second] = parsed;
  if (parsed.length === 2 && first !== undefined && second !== undefined && first.isText && chunks[0]?.code === '') return ok(second.part);
  const parts = parsed.map(({ part }) => part);
  if (parsed.every(({ isText }) => isText)) return ok({ kind: 'literal', value: chunks.map(({ code }) => code).join('') });
  return ok({ kind: 'text', parts });
}

interface Chunk {
  readonly code: string;
  readonly text: boolean;
  readonly at: number;
}

/** Text and code by turns, beginning with text. A backslash before the brackets makes them plain. */
function chunksOf(saved: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let begin = 1;
  let text = true;
  let from = 1;
  while (begin <= saved.length) {
    const found = saved.indexOf(text ? '{{' : '}}', from);
    if (found === -1) {
      if (begin < saved.length || chunks.length === 0) chunks.push({ code: plain(saved.slice(begin), text), text, at: begin });
      break;
    }
    const slashes = /\\*$/.exec(saved.slice(begin, found))?.[0].length ?? 0;
    from = found + 2;
    if (slashes % 2 === 1) continue;
    chunks.push({ code: plain(saved.slice(begin, found), text), text, at: begin });
    begin = from;
    text = !text;
  }
  return chunks;
}

function plain(code: string, text: boolean): string {
  return text ? code.replaceAll('\\\\', '\\') : code.replace('\\}}', '}}');
}
