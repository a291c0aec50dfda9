import { parseArgs } from 'node:util';
import { explained } from '../runtime/domain/denial';
import { checkFlow, RULES, type Finding } from '../runtime/hosts/check';
import { readFlows, type ReadFlow } from '../runtime/hosts/replay';
import { parsedWords, UsageError } from './arguments';
import { DEFINITIONS } from './definitions';
import { parsedJson } from './json';
import { knownSymbols, type KnownSymbols } from './knownSymbols';
import type { Answer, Tool } from './tools';

const OPTIONS = { flow: { type: 'string' }, home: { type: 'string' }, rules: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } as const;

/** A finding with the flow that it is about. */
interface FlowFinding extends Finding {
  readonly flow: string;
}

/** `bellwether check <flow.json>`: what is wrong with a flow before it trades. Exit code 1 where there is an error. */
export const checkTool: Tool = {
  run(words, world): Answer {
    const { values: { flow, rules, json, home }, positionals: [file, ...more] } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (rules) return listed(json);
    if (file === undefined) throw new UsageError('check wants the file of a flow: bellwether check flow.json.');
    if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: one file at a time.`);
    const flows = readFlows(parsedJson(world.readText(file), file), DEFINITIONS);
    if (!flows.ok) throw new Error(explained(flows.denial));
    const chosen = flows.value.filter(({ document: { id, name } }) => flow === undefined || flow === id || flow === name);
    if (chosen.length === 0) throw new Error(`There is no flow "${flow ?? ''}" in the file; it holds: ${flows.value.map(({ document: { name } }) => name).join(', ')}.`);
    const findings = findingsOf(chosen, knownSymbols(home, world));
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    return { text: json ? `${JSON.stringify({ flows: chosen.map(({ document: { name } }) => name), findings, errors, warnings: findings.length - errors }, null, 2)}\n` : told(chosen, findings, errors), code: errors > 0 ? 1 : 0 };
  },
};

function findingsOf(flows: readonly ReadFlow[], symbols: KnownSymbols): readonly FlowFinding[] {
  const isListed = (exchange: string, symbol: string): boolean => symbols.isListed(exchange, symbol);
  try {
    return flows.flatMap(({ graph, document }) => checkFlow(graph, { document, isListed }).map((finding) => ({ flow: document.name, ...finding })));
  } finally {
    symbols.close();
  }
}

function told(flows: readonly ReadFlow[], findings: readonly FlowFinding[], errors: number): string {
  const parts = flows.map(({ document: { name }, graph: { nodes } }) => {
    const own = findings.filter(({ flow }) => flow === name);
    return [`${name}: ${nodes.size} nodes${own.length === 0 ? ', nothing found' : ''}`, ...own.flatMap(({ severity, text, remedy, code }) => [`  ${severity}  ${text}`, `         ${remedy} (${code})`])].join('\n');
  });
  return `${[...parts, `${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}.`].join('\n\n')}\n`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function listed(json: boolean): string {
  const rules = RULES.map(({ code, severity, title, source, remedy }) => ({ code, severity, title, source, remedy }));
  return json ? `${JSON.stringify(rules, null, 2)}\n` : `${rules.map(({ code, severity, title, source }) => `${code} (${severity}): ${title}.\n  ${source}.`).join('\n')}\n`;
}
