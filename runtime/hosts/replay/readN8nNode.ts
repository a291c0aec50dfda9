import { deny, explained, ok, type Denial, type Outcome } from '../../domain/denial';
import { nodeControls } from '../identity';
import { flatten } from '../n8n/sections';
import { compileExpression, type Evaluate } from './expressions/evaluate';
import { isExpression, parseTemplate } from './expressions/template';
import { translateN8n } from './foreign/n8n';
import type { Definitions, ForeignNode, GraphNode, OurNode, Scope } from './graph';

/** A node as a workflow file holds it. */
export interface SavedNode {
  readonly [more: string]: unknown;
  readonly id?: string | undefined;
  readonly name: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly position: readonly [number, number];
  readonly disabled?: boolean | undefined;
  readonly notes?: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly credentials?: Readonly<Record<string, { readonly id?: string | null | undefined; readonly name?: string | undefined }>> | undefined;
  readonly onError?: string | undefined;
  readonly continueOnFail?: boolean | undefined;
  readonly executeOnce?: boolean | undefined;
  readonly alwaysOutputData?: boolean | undefined;
  readonly retryOnFail?: boolean | undefined;
}

const PACKAGE = '@bellwether/n8n-nodes-trading.';

/** What the whole workflow says about each of its nodes. */
interface Workflow {
  readonly workflowId: string;
  readonly v1: boolean;
}

/** A saved node by its definition or its translator; one that neither knows is foreign, with the reason. */
export function readN8nNode(saved: SavedNode, workflow: Workflow, definitions: Definitions): GraphNode {
  const facts = { id: saved.name, name: saved.name, type: saved.type };
  if (saved.alwaysOutputData === true) return foreign(facts, deny('NOT_SUPPORTED', 'The setting "Always Output Data" can not be replayed.', { remedy: 'Switch it off.' }).denial);
  const onError = errorsOf(saved);
  if (saved.type.startsWith(PACKAGE)) return ours(saved, onError, workflow, definitions);
  const translation = translateN8n(saved);
  if (!translation.ok) return foreign(facts, translation.denial);
  if (translation.value.inputs > 1 && !workflow.v1) return foreign(facts, deny('NOT_SUPPORTED', 'Merge in the old order of execution can not be replayed.', { remedy: 'Choose "v1 (recommended)" as Execution Order in the workflow\'s settings.' }).denial);
  if (saved.executeOnce === true) return foreign(facts, deny('NOT_SUPPORTED', 'The setting "Execute Once" can not be replayed here.', { remedy: 'Switch it off.' }).denial);
  if (onError !== 'stop') return foreign(facts, deny('NOT_SUPPORTED', 'A translated node that goes on after errors can not be replayed.', { remedy: 'Choose "Stop Workflow" as On Error in its settings.' }).denial);
  return { kind: 'translated', ...facts, onError, ...translation.value };
}

function foreign(facts: { readonly id: string; readonly name: string; readonly type: string }, denial: Denial): ForeignNode {
  return { kind: 'foreign', ...facts, denial: { ...denial, message: `"${facts.name}" (${facts.type}): ${denial.message}`, field: facts.name } };
}

function errorsOf({ onError, continueOnFail }: SavedNode): OurNode['onError'] {
  if (onError === 'continueErrorOutput') return 'errorPort';
  return onError === 'continueRegularOutput' || (onError === undefined && continueOnFail === true) ? 'refusalPort' : 'stop';
}

function ours(saved: SavedNode, onError: OurNode['onError'], { workflowId }: Workflow, definitions: Definitions): GraphNode {
  const facts = { id: saved.name, name: saved.name, type: saved.type };
  const definition = definitions.find((candidate) => `${PACKAGE}${candidate.type}` === saved.type);
  if (definition === undefined) return foreign(facts, deny('NOT_SUPPORTED', 'This version of Bellwether has no such node.', { remedy: 'Update Bellwether, or use another node.' }).denial);
  const values = flatten(nodeControls(definition), (name) => saved.parameters[name] ?? null);
  const node: OurNode = { kind: 'ours', ...facts, definition, values, onError, once: saved.executeOnce === true, numbersAsText: false, fallback: { strategyId: workflowId, nodeKey: saved.id ?? saved.name } };
  const valuesFor = compileValues(values);
  if (!valuesFor.ok) return foreign(facts, valuesFor.denial);
  if (valuesFor.value === undefined) return node;
  if (definition.kind !== 'action') return foreign(facts, deny('NOT_SUPPORTED', 'An expression in a trigger can not be replayed: there is no item yet.', { remedy: 'Write the value itself.' }).denial);
  return { ...node, valuesFor: valuesFor.value };
}

/** A value that may hold expressions, at any depth. undefined where it holds none. */
type Compiled = Evaluate | undefined;

function compileValues(values: Readonly<Record<string, unknown>>): Outcome<OurNode['valuesFor']> {
  const compiled = compileRecord(values);
  if (!compiled.ok) return compiled;
  const evaluate = compiled.value;
  if (evaluate === undefined) return ok(undefined);
  return ok((scope) => {
    const result = evaluate(scope);
    return result.ok ? ok({ ...values, ...(isRecord(result.value) ? result.value : {}) }) : result;
  });
}

function compileValue(value: unknown): Outcome<Compiled> {
  if (isExpression(value)) {
    const parsed = parseTemplate(value);
    return parsed.ok ? ok(compileExpression(parsed.value)) : parsed;
  }
  if (isList(value)) return compileList(value);
  return isRecord(value) ? compileRecord(value) : ok(undefined);
}

function compileRecord(record: Readonly<Record<string, unknown>>): Outcome<Compiled> {
  const parts: (readonly [string, Evaluate])[] = [];
  for (const [name, value] of Object.entries(record)) {
    const part = compileValue(value);
    if (!part.ok) return named(name, part.denial);
    if (part.value !== undefined) parts.push([name, part.value]);
  }
  if (parts.length === 0) return ok(undefined);
  return ok((scope) => {
    const result: Record<string, unknown> = { ...record };
    for (const [name, evaluate] of parts) {
      const value = evaluate(scope);
      if (!value.ok) return named(name, value.denial);
      result[name] = value.value;
    }
    return ok(result);
  });
}

function compileList(list: readonly unknown[]): Outcome<Compiled> {
  const parts: Compiled[] = [];
  for (const value of list) {
    const part = compileValue(value);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  if (parts.every((part) => part === undefined)) return ok(undefined);
  return ok((scope: Scope) => {
    const result: unknown[] = [...list];
    for (const [index, evaluate] of parts.entries()) {
      const value = evaluate?.(scope);
      if (value?.ok === false) return value;
      if (value !== undefined) result[index] = value.value;
    }
    return ok(result);
  });
}

function named(name: string, denial: Denial): Outcome<never> {
  return { ok: false, denial: { ...denial, message: `${name}: ${explained({ message: denial.message })}` } };
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
