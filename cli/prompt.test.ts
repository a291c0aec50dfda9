import { PassThrough } from 'node:stream';
import { streamPrompt } from './prompt';

/** A terminal that somebody types on. */
function terminal(isTTY = true) {
  const said: string[] = [];
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: (on: boolean) => { raw.push(on); return input as never; } });
  return { input, said, raw, prompt: streamPrompt(input, (text) => said.push(text)) };
}

test('a hidden answer is read with the terminal\'s echo off, and nothing of it is shown', async () => {
  const { input, said, raw, prompt } = terminal();
  const answer = prompt.hidden('API Key: ');
  for (const key of ['s', 'e', 'x', '\u007f', 'c', '\r']) input.write(key);
  expect(await answer).toBe('sec');
  expect(said).toEqual(['API Key: ', '\n']);
  expect(raw).toEqual([true, false]);
});

test('a plain answer leaves the echo on', async () => {
  const { input, raw, prompt } = terminal();
  const answer = prompt.plain('Sure? ');
  input.write('yes\n');
  expect([await answer, raw]).toEqual(['yes', []]);
});

test('from a pipe each question takes a line, asked silently; the last needs no line end', async () => {
  const { input, said, prompt } = terminal(false);
  input.end('one\r\ntwo');
  expect([await prompt.hidden('a'), await prompt.hidden('b')]).toEqual(['one', 'two']);
  expect(said).toEqual([]);
  await expect(prompt.hidden('c')).rejects.toThrow('Nothing was answered');
});

test('Ctrl-C ends it, and the terminal is as it was', async () => {
  const { input, raw, prompt } = terminal();
  const answer = prompt.hidden('API Key: ');
  input.write('half\u0003');
  await expect(answer).rejects.toThrow('Nothing was answered');
  expect(raw).toEqual([true, false]);
});
