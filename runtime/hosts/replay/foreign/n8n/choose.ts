import { z } from 'zod';
import { ok, type Outcome } from '../../../../domain/denial';
import type { Arrived, Emitted, FlowState, Scope } from '../../graph';
import { readConditions, type ReadConditions } from './conditions';
import { notAsSaved, notTranslated, type N8nTranslator, type Translation } from './saved';

/** n8n's If: two outputs. */
export const translateIf: N8nTranslator = ({ parameters }) => {
  const conditions = readConditions(parameters['conditions']);
  return conditions.ok ? ok(twoWays(conditions.value, 'true', 'false')) : conditions;
};

/** n8n's Filter: what is kept leaves by the first output, the rest by the second, which few wire. */
export const translateFilter: N8nTranslator = ({ parameters }) => {
  const conditions = readConditions(parameters['conditions']);
  return conditions.ok ? ok(twoWays(conditions.value, 'kept', 'discarded')) : conditions;
};

function twoWays({ test, holds }: ReadConditions, yes: string, no: string): Translation {
  return {
    doing: { kind: 'choose', branches: [{ port: yes, when: test }], first: true, otherwise: no },
    inputs: 1,
    outputs: [yes, no],
    run: each((scope) => {
      const result = holds(scope);
      return result.ok ? ok([result.value ? yes : no]) : result;
    }),
  };
}

const Rules = z.object({
  mode: z.string().default('rules'),
  rules: z.object({ values: z.array(z.object({ conditions: z.unknown().optional(), renameOutput: z.boolean().default(false), outputKey: z.string().default('') })).default([]) }).default({ values: [] }),
  options: z.object({ fallbackOutput: z.union([z.string(), z.number()]).default('none'), allMatchingOutputs: z.boolean().default(false), renameFallbackOutput: z.string().optional() }).default({ fallbackOutput: 'none', allMatchingOutputs: false }),
});

/** n8n's Switch in its mode "Rules". */
export const translateSwitch: N8nTranslator = ({ parameters }) => {
  const parsed = Rules.safeParse(parameters);
  if (!parsed.success) return notAsSaved(parsed.error.issues[0]?.message ?? '');
  const { mode, rules: { values }, options: { fallbackOutput, allMatchingOutputs } } = parsed.data;
  if (mode !== 'rules') return notTranslated('The mode "Expression" of Switch', 'Use its mode "Rules".', 'mode');
  const rules: { readonly port: string; readonly label: string; readonly conditions: ReadConditions }[] = [];
  for (const [index, { conditions: saved, renameOutput, outputKey }] of values.entries()) {
    const conditions = readConditions(saved);
    if (!conditions.ok) return conditions;
    rules.push({ port: String(index), label: renameOutput ? outputKey : '', conditions: conditions.value });
  }
  const otherwise = fallbackPort(fallbackOutput, rules.length);
  if (otherwise === null) return notTranslated(`The fallback output ${fallbackOutput}`, 'Choose one of the outputs there are.', 'options.fallbackOutput');
  const choose = (scope: Scope): Outcome<readonly string[]> => {
    const ports: string[] = [];
    for (const { port, conditions } of rules) {
      const result = conditions.holds(scope);
      if (!result.ok) return result;
      if (result.value) ports.push(port);
      if (result.value && !allMatchingOutputs) break;
    }
    return ok(ports.length > 0 || otherwise === undefined || rules.length === 0 ? ports : [otherwise]);
  };
  return ok({
    doing: { kind: 'choose', branches: rules.map(({ port, label, conditions }) => ({ port, ...(label === '' ? {} : { label }), when: conditions.test })), first: !allMatchingOutputs, ...(otherwise === undefined ? {} : { otherwise }) },
    inputs: 1,
    outputs: [...rules.map(({ port }) => port), ...(fallbackOutput === 'extra' ? ['extra'] : [])],
    run: each(choose),
  });
};

/** undefined: items that nothing matches are dropped. null: there is no such output. */
function fallbackPort(saved: string | number, rules: number): string | undefined | null {
  if (saved === 'none') return undefined;
  if (saved === 'extra') return 'extra';
  const index = Number(saved);
  return Number.isInteger(index) && index >= 0 && index < rules ? String(index) : null;
}

/** Every item by itself, in order, to the ports it is chosen for. One that can not be judged fails the node. */
function each(choose: (scope: Scope) => Outcome<readonly string[]>): (arrived: Arrived, state: FlowState) => Outcome<readonly Emitted[]> {
  return ({ inputs }, state) => {
    const emitted: Emitted[] = [];
    for (const carried of inputs[0] ?? []) {
      const ports = choose({ carried, state });
      if (!ports.ok) return ports;
      for (const port of ports.value) emitted.push({ port, carried });
    }
    return ok(emitted);
  };
}
