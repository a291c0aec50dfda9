import { z } from 'zod';
import { deny, ok, type Outcome } from '../../../../domain/denial';
import type { Arrived, Carried, Data, Emitted, Trail } from '../../graph';
import { notAsSaved, notTranslated, type N8nTranslator } from './saved';

const Parameters = z.object({
  mode: z.string().default('append'),
  combineBy: z.string().default('combineByFields'),
  numberInputs: z.number().int().min(2).max(10).default(2),
  chooseBranchMode: z.string().default('waitForAll'),
  output: z.string().default('specifiedInput'),
  useDataOfInput: z.union([z.number(), z.string()]).default(1),
  options: z.object({ includeUnpaired: z.boolean().default(false), clashHandling: z.unknown().optional() }).default({ includeUnpaired: false, clashHandling: undefined }),
});

const REMEDY = 'Use "Append", "Combine" by "Position" or "Choose Branch"; leave the rest to nodes of Bellwether.';

/** n8n's Merge: append, combine by position, choose branch. */
export const translateMerge: N8nTranslator = ({ parameters }) => {
  const parsed = Parameters.safeParse(parameters);
  if (!parsed.success) return notAsSaved(parsed.error.issues[0]?.message ?? '');
  const { mode, combineBy, numberInputs, chooseBranchMode, output, useDataOfInput, options: { includeUnpaired, clashHandling } } = parsed.data;
  const outputs = ['main'];
  if (mode === 'append') return ok({ doing: { kind: 'merge', mode, inputs: numberInputs, includeUnpaired: true }, inputs: numberInputs, outputs, run: ({ inputs }) => ok(inputs.flat().map((carried) => ({ port: 'main', carried }))) });
  if (mode === 'combine' && combineBy === 'combineByPosition' && clashHandling === undefined) {
    return ok({ doing: { kind: 'merge', mode: 'byPosition', inputs: numberInputs, includeUnpaired }, inputs: numberInputs, outputs, run: (arrived) => byPosition(arrived, numberInputs, includeUnpaired) });
  }
  const input = Number(useDataOfInput) - 1;
  if (mode === 'chooseBranch' && chooseBranchMode === 'waitForAll' && output === 'specifiedInput' && numberInputs === 2 && (input === 0 || input === 1)) {
    return ok({ doing: { kind: 'await', input }, inputs: 2, outputs, run: ({ inputs }) => ok((inputs[input] ?? []).map((carried) => ({ port: 'main', carried }))) });
  }
  return notTranslated(`Merge by "${mode === 'combine' ? combineBy : mode}" as it is set up here`, REMEDY, 'mode');
};

/** The first of each input, the second of each, and so on; later inputs win where fields are the same. */
function byPosition({ inputs }: Arrived, declared: number, includeUnpaired: boolean): Outcome<readonly Emitted[]> {
  const all = Array.from({ length: declared }, (_none, index) => inputs[index] ?? []);
  const lengths = all.map((list) => list.length);
  const count = includeUnpaired ? Math.max(...lengths) : Math.min(...lengths);
  const emitted: Emitted[] = [];
  for (let index = 0; index < count; index += 1) {
    const parts = all.flatMap((list) => list[index] ?? []);
    let data: Data = {};
    for (const part of parts) {
      const both = merged(data, part.data);
      if (both === undefined) return deny('NOT_SUPPORTED', 'Items are combined of which one has a list where the other has an object.', { remedy: 'Give the fields different names before Merge.' });
      data = both;
    }
    emitted.push({ port: 'main', carried: { data, trail: trailOf(parts) } });
  }
  return ok(emitted);
}

/** Objects field by field, lists place by place. undefined: a list meets an object. */
function merged(left: Data, right: Data): Data | undefined {
  const result: Record<string, unknown> = { ...left };
  for (const [name, value] of Object.entries(right)) {
    const both = mergedValue(result[name], value);
    if (both === undefined && value !== undefined) return undefined;
    if (value !== undefined) result[name] = both;
  }
  return result;
}

function mergedValue(left: unknown, right: unknown): unknown {
  if (isList(left) && isList(right)) return mergedLists(left, right);
  if (isData(left) && isData(right)) return merged(left, right);
  return (isList(left) && isData(right)) || (isData(left) && isList(right)) ? undefined : right;
}

function mergedLists(left: readonly unknown[], right: readonly unknown[]): readonly unknown[] | undefined {
  const list: unknown[] = [...left];
  for (const [index, value] of right.entries()) {
    if (value === undefined) continue;
    const both = mergedValue(list[index], value);
    if (both === undefined) return undefined;
    list[index] = both;
  }
  return list;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** It came by the ways of all its parts. */
function trailOf(parts: readonly Carried[]): Trail | undefined {
  const [first, ...others] = parts.flatMap(({ trail }) => trail ?? []);
  return first === undefined ? undefined : { ...first, beside: [...(first.beside ?? []), ...others] };
}
