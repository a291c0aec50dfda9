import type { ReadStream } from 'node:tty';

/** Asks the person at the terminal; where standard input is a pipe, its next line is the answer. */
export interface Prompt {
  /** What is typed is shown. */
  plain(question: string): Promise<string>;
  /** What is typed is not shown. */
  hidden(question: string): Promise<string>;
}

/** Nobody answered: the input ended, or the person pressed Ctrl-C. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor() {
    super('Nothing was answered; nothing was changed.');
  }
}

const LONGEST_ANSWER = 16_384;

/** Questions go to `say` (standard error: standard output belongs to the answer). Input is opened with the first question and closed with `close`. */
export function streamPrompt(input: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>, say: (text: string) => void): Prompt & { close(): void } {
  const lines = lineReader(input);
  const ask = async (question: string, isHidden: boolean): Promise<string> => {
    const terminal = input.isTTY === true;
    if (terminal) say(question);
    const answer = await lines.next(terminal && isHidden ? input : undefined);
    if (terminal && isHidden) say('\n');
    return answer;
  };
  return { plain: (question) => ask(question, false), hidden: (question) => ask(question, true), close: () => lines.close() };
}

interface LineReader {
  /** The next line; with `raw` the terminal shows nothing of it, and keys are read one by one. */
  next(raw: Partial<Pick<ReadStream, 'setRawMode'>> | undefined): Promise<string>;
  close(): void;
}

function lineReader(input: NodeJS.ReadableStream): LineReader {
  let text = '';
  let ended = false;
  let wake = (): void => undefined;
  const take = (chunk: string | Buffer): void => { text += String(chunk); wake(); };
  const end = (): void => { ended = true; wake(); };
  input.on('data', take).on('end', end).on('error', end);
  input.pause();
  return {
    async next(raw) {
      raw?.setRawMode?.(true);
      input.resume();
      try {
        for (;;) {
          const line = lineOf(text, ended);
          if (line !== undefined) {
            text = line.rest;
            return line.answer;
          }
          if (ended || text.includes('\u0003') || text.length > LONGEST_ANSWER) throw new NoAnswer();
          await new Promise<void>((resolve) => { wake = resolve; });
        }
      } finally {
        input.pause();
        raw?.setRawMode?.(false);
      }
    },
    close() {
      input.removeListener('data', take).removeListener('end', end).removeListener('error', end);
      input.pause();
    },
  };
}

/** The first line with what backspaces took away; the last line of a pipe may lack its end. */
function lineOf(text: string, ended: boolean): { readonly answer: string; readonly rest: string } | undefined {
  const end = /\r\n|\r|\n|\u0004/.exec(text);
  if (end === null && !(ended && text !== '')) return undefined;
  const line = end === null ? text : text.slice(0, end.index);
  if (line.includes('\u0003')) throw new NoAnswer();
  return { answer: withoutErased(line), rest: end === null ? '' : text.slice(end.index + end[0].length) };
}

function withoutErased(line: string): string {
  const kept: string[] = [];
  for (const character of line) {
    if (character === '\u007f' || character === '\b') kept.pop();
    else kept.push(character);
  }
  return kept.join('');
}
