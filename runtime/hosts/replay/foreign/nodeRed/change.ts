import { z } from 'zod';
import { deny, ok, type Denial, type Outcome } from '../../../../domain/denial';
import type { Path } from '../../expressions/path';
import type { Data, FlowState } from '../../graph';
import type { ChangeStep } from '../doing';
import { propertyPath, readProperty, writeProperty } from './property';
import { replaced } from './replace';
import { onlyNodeRed, type RedTranslator, type Surroundings } from './saved';
import { expressionOf, placeOf, readTyped, textOf, valueOf, type Source } from './typed';

const Rule = z.looseObject({
  t: z.string(), p: z.string().default(''), pt: z.string().default('msg'), to: z.unknown().optional(), tot: z.string().optional(), from: z.unknown().optional(), fromt: z.string().default('str'),
  dc: z.boolean().default(false),
});
type Rule = z.infer<typeof Rule>;

/** Where a rule works. */
interface Target {
  readonly kind: 'message' | 'flow' | 'global';
  readonly path: Path;
}

type Apply = (message: object, state: FlowState) => Denial | undefined;
interface ReadRule {
  readonly steps: readonly ChangeStep[];
  readonly apply: Apply;
}

/** Node-RED's Change, without JSONata and the host's clock. Rules work on a copy of the message, one after the other. */
export const translateChange: RedTranslator = (node, surroundings) => {
  const rules = z.array(Rule).safeParse(node['rules']);
  if (!rules.success) return onlyNodeRed('A Change saved in this way', 'Open it in a current Node-RED, press Done, and export the flow again.');
  const read: ReadRule[] = [];
  for (const rule of rules.data) {
    const one = readRule(rule, surroundings);
    if (!one.ok) return one;
    read.push(one.value);
  }
  return ok({
    doing: { kind: 'change', steps: read.flatMap(({ steps }) => steps), keepOthers: true },
    inputs: 1,
    outputs: ['0'],
    run: ({ inputs }, state) => {
      const carried = inputs[0]?.[0];
      if (carried === undefined) return ok([]);
      const message: Data = structuredClone(carried.data);
      for (const { apply } of read) {
        const denial = apply(message, state);
        if (denial !== undefined) return { ok: false, denial };
      }
      return ok([{ port: '0', carried: { data: message, trail: carried.trail } }]);
    },
  });
};

function readRule(rule: Rule, surroundings: Surroundings): Outcome<ReadRule> {
  const at = readTarget(rule.p, rule.pt);
  if (!at.ok) return at;
  switch (rule.t) {
    case 'delete': return ok({ steps: [{ kind: 'delete', at: placeOf(at.value.kind, at.value.path) }], apply: (message, state) => write(at.value, message, state, undefined) });
    case 'set': return readSet(rule, at.value, surroundings);
    case 'move': return readMove(rule, at.value);
    case 'change': return readReplace(rule, at.value, surroundings);
    default: return onlyNodeRed(`The rule "${rule.t}"`);
  }
}

function readTarget(text: string, type: string): Outcome<Target> {
  const path = text.startsWith('#:') ? undefined : propertyPath(text);
  if ((type !== 'msg' && type !== 'flow' && type !== 'global') || path === undefined) return onlyNodeRed(`The property ${type}.${text}`);
  return ok({ kind: type === 'msg' ? 'message' : type, path });
}

function sourceOf({ to, tot, dc }: Rule, surroundings: Surroundings): Outcome<(message: object, state: FlowState) => ReturnType<typeof valueOf> | Denial> {
  const source = readTyped(to, tot ?? 'str', surroundings);
  if (!source.ok) return source;
  return ok((message, state) => {
    const found = valueOf(source.value, message, state);
    if (found === 'missing' || !isObject(found.value)) return found;
    // In Node-RED two places would share one object, and later nodes would change both.
    return dc || source.value.kind === 'constant' || source.value.kind === 'message' ? { value: dc ? structuredClone(found.value) : found.value } : SHARED;
  });
}

const SHARED: Denial = deny('NOT_SUPPORTED', 'An object that the flow\'s context and a message share can not be replayed.', { remedy: 'Switch on "Deep copy value" in the rule.' }).denial;

function readSet(rule: Rule, at: Target, surroundings: Surroundings): Outcome<ReadRule> {
  const legacy = rule.tot === undefined && typeof rule.to === 'string' && rule.to.startsWith('msg.') ? { ...rule, tot: 'msg' } : rule;
  const source = readTyped(legacy.to, legacy.tot ?? 'str', surroundings);
  const value = sourceOf(legacy, surroundings);
  if (!source.ok) return source;
  if (!value.ok) return value;
  return ok({
    steps: [{ kind: 'set', to: placeOf(at.kind, at.path), value: expressionOf(source.value) }],
    apply: (message, state) => {
      const found = value.value(message, state);
      // A value below nothing: Node-RED leaves the rule out, but for its context, where it is no value.
      if (found === 'missing') return source.value.kind === 'message' ? undefined : write(at, message, state, undefined);
      if ('code' in found) return found;
      if (at.kind !== 'message' && isObject(found.value) && !rule.dc) return SHARED;
      return write(at, message, state, found.value);
    },
  });
}

/** A move takes the value, deletes the old place, and writes the new one. */
function readMove(rule: Rule, from: Target): Outcome<ReadRule> {
  const to = readTarget(typeof rule.to === 'string' ? rule.to : '', rule.tot ?? 'str');
  if (!to.ok) return to;
  const target = to.value;
  if (from.kind !== 'message' || target.kind !== 'message') return onlyNodeRed('A move from or to the context', 'Set the one and delete the other, in two rules.');
  // Where the old name holds the new one, or is another place altogether, Node-RED writes first; where a child becomes its parent it deletes first.
  const viaTemporary = !(rule.p.includes(String(rule.to)) && rule.p !== rule.to);
  return ok({
    steps: [{ kind: 'move', from: placeOf(from.kind, from.path), to: placeOf(target.kind, target.path) }],
    apply: (message, state) => {
      const found = readProperty(message, from.path);
      const value = found === 'missing' ? undefined : found.value;
      if (viaTemporary) {
        write(from, message, state, undefined);
        return write(target, message, state, value);
      }
      if (found !== 'missing') write(target, message, state, value);
      return write(from, message, state, undefined);
    },
  });
}

function readReplace(rule: Rule, at: Target, surroundings: Surroundings): Outcome<ReadRule> {
  const value = sourceOf(rule, surroundings);
  const by = readTyped(rule.to, rule.tot ?? 'str', surroundings);
  if (!value.ok) return value;
  if (!by.ok) return by;
  const isPath = rule.fromt === 'msg' || rule.fromt === 'flow' || rule.fromt === 'global';
  const fromPath: Outcome<Source | undefined> = isPath ? readTyped(rule.from, rule.fromt, surroundings) : ok(undefined);
  if (!fromPath.ok) return fromPath;
  const constant = textOf(rule.from ?? '');
  if (rule.fromt === 're' && !isPattern(constant)) return onlyNodeRed(`"${constant}", which is no regular expression,`, 'Correct it.');
  if (fromPath.value !== undefined) return onlyNodeRed('A search for the value of a property');
  return ok({
    steps: [{ kind: 'replace', in: placeOf(at.kind, at.path), from: constant, fromPattern: rule.fromt === 're', by: expressionOf(by.value) }],
    apply: (message, state) => {
      const found = value.value(message, state);
      if (found === 'missing') return undefined;
      if ('code' in found) return found;
      const current = readProperty(at.kind === 'message' ? message : state[at.kind], at.path);
      if (current === 'missing') return undefined;
      const next = replaced(current.value, { type: rule.fromt, text: constant }, found.value, at.kind === 'message' && rule.tot === 'bool');
      return next === undefined ? undefined : write(at, message, state, next.value);
    },
  });
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'g') instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function write({ kind, path }: Target, message: object, state: FlowState, value: unknown): Denial | undefined {
  writeProperty(kind === 'message' ? message : state[kind], path, value);
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
