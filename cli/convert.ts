import { parseArgs } from 'node:util';
import { explained } from '../runtime/domain/denial';
import { convertFlow, type CarryLine } from '../runtime/hosts/carry';
import { readFlow, type Host } from '../runtime/hosts/replay';
import { parsedWords, UsageError } from './arguments';
import { DEFINITIONS } from './definitions';
import { parsedJson } from './json';
import type { World } from './main';
import type { Answer, Tool } from './tools';

const OPTIONS = { to: { type: 'string' }, out: { type: 'string' }, flow: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

/** `bellwether convert <flow.json> --to n8n|node-red`: a flow for the other editor. Standard output is the new file, the report goes beside it. */
export const convertTool: Tool = {
  run(words, world): Answer {
    const { values: { to, out, flow, json }, positionals: [file, ...more] } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (file === undefined) throw new UsageError('convert wants the file of a flow: bellwether convert flow.json --to node-red.');
    if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: one file at a time.`);
    const host = hostOf(to);
    const read = readFlow(parsedJson(world.readText(file), file), DEFINITIONS, flow);
    if (!read.ok) throw new Error(explained(read.denial));
    const converted = convertFlow(read.value, host);
    if (!converted.ok) throw new Error(explained(converted.denial));
    const { file: made, report } = converted.value;
    if (out !== undefined) write(world, out, `${JSON.stringify(made, null, INDENT[host])}\n`);
    const text = told(report);
    if (json) return { text: `${JSON.stringify({ to: host, report, ...(out === undefined ? { flow: made } : { out }) }, null, 2)}\n`, code: 0 };
    if (out !== undefined) return { text: `${out}\n${text}`, code: 0 };
    world.err(text);
    return { text: `${JSON.stringify(made, null, INDENT[host])}\n`, code: 0 };
  },
};

/** As each editor's own files are written. */
const INDENT: Readonly<Record<Host, number>> = { n8n: 2, 'node-red': 4 };

function hostOf(to: string | undefined): Host {
  if (to === 'n8n' || to === 'node-red') return to;
  throw new UsageError(`--to must be n8n or node-red${to === undefined ? '' : `, not "${to}"`}.`);
}

function write(world: World, file: string, text: string): void {
  if (world.backtest === undefined) throw new Error('This process can not write files.');
  world.backtest.writeText(file, text);
}

const TITLES: Readonly<Record<CarryLine['kind'], string>> = { lost: 'Not carried', changed: 'Carried in another way', choose: 'For you to choose' };

function told(report: readonly CarryLine[]): string {
  if (report.length === 0) return 'Everything was carried.\n';
  const groups = (['lost', 'changed', 'choose'] as const).map((kind) => ({ kind, lines: report.filter((line) => line.kind === kind) })).filter(({ lines }) => lines.length > 0);
  return `${groups.map(({ kind, lines }) => [`${TITLES[kind]}:`, ...lines.map(({ node, text }) => `  ${node === '' ? '' : `${node}: `}${text}`)].join('\n')).join('\n')}\n`;
}
