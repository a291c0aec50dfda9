import type { Branch, Comparison, Doing, DocumentNode, Json } from '../replay';
import { fenced } from './ownToRed';
import { dropped, type NewNode, type Piece, type Tail } from './piece';
import { toN8n } from './values';

type Choose = Extract<Doing, { readonly kind: 'choose' }>;
type Saved = Readonly<Record<string, unknown>>;

/** Node-RED's Switch: If where there is one branch and its contrary, Filter where there is none, else Switch. */
export function chooseToN8n(of: DocumentNode, { branches, first, otherwise }: Choose, outputs: readonly string[]): Piece {
  const conditions = branches.map(conditionsOf);
  if (conditions.length === 0 || conditions.some((each) => each === undefined)) return dropped(of, `A rule of this Switch has no counterpart in n8n. What stood behind it is not reached.\n\n${fenced(of.saved)}`);
  const known = conditions.filter((each) => each !== undefined);
  const one = branches.length === 1 ? known[0] : undefined;
  const ports = [...branches.map(({ port }) => port), ...(otherwise === undefined ? [] : [otherwise])];
  const node: NewNode = { key: of.id, name: of.name, outputs: ports.length, entry: { ...(one === undefined ? switchEntry(known, branches, first, otherwise !== undefined) : otherwise === undefined ? entry('filter', 2.2, { conditions: one, looseTypeValidation: true }) : entry('if', 2.2, { conditions: one, looseTypeValidation: true })), ...(of.notes === '' ? {} : { notes: of.notes }), ...(of.disabled ? { disabled: true } : {}) } };
  const tails = new Map(outputs.map((port, output): readonly [number, readonly Tail[]] => [output, ports.flatMap((each, index) => (each === port ? [{ key: of.id, output: index }] : []))]));
  return { of, nodes: [node], wires: [], head: of.id, through: false, tails, report: [] };
}

function entry(short: string, typeVersion: number, parameters: Saved): Saved {
  return { type: `n8n-nodes-base.${short}`, typeVersion, parameters: { ...parameters, options: {} } };
}

function switchEntry(conditions: readonly Saved[], branches: readonly Branch[], first: boolean, otherwise: boolean): Saved {
  const values = conditions.map((each, index) => ({ conditions: each, ...(branches[index]?.label === undefined ? {} : { renameOutput: true, outputKey: branches[index].label }) }));
  const options = { ...(otherwise ? { fallbackOutput: 'extra' } : {}), ...(first ? {} : { allMatchingOutputs: true }) };
  return { type: 'n8n-nodes-base.switch', typeVersion: 3.2, parameters: { rules: { values }, looseTypeValidation: true, options } };
}

function conditionsOf({ when }: Branch): Saved | undefined {
  if (when.kind !== 'compare') return undefined;
  const parts = partsOf(when);
  if (parts === undefined) return undefined;
  return {
    options: { caseSensitive: !when.ignoreCase, leftValue: '', typeValidation: 'loose', version: 2 }, combinator: 'and',
    conditions: parts.map(({ left, operator, right }, index) => ({ id: String(index), leftValue: left, ...(right === undefined ? { rightValue: '' } : { rightValue: right }), operator })),
  };
}

interface Part { readonly left: Json; readonly right?: Json; readonly operator: Saved }

const ORDERED: Readonly<Record<string, string>> = { lt: 'lt', lte: 'lte', gt: 'gt', gte: 'gte' };
const ALONE: Readonly<Record<string, Saved>> = {
  true: { type: 'boolean', operation: 'true', singleValue: true }, false: { type: 'boolean', operation: 'false', singleValue: true },
  null: { type: 'string', operation: 'notExists', singleValue: true }, nnull: { type: 'string', operation: 'exists', singleValue: true },
};

function partsOf({ operator, left, right, upTo }: Comparison): readonly Part[] | undefined {
  const first = toN8n(left);
  if (first === undefined) return undefined;
  if (Object.hasOwn(ALONE, operator)) return [{ left: first, operator: ALONE[operator] ?? {} }];
  const second = right === undefined ? undefined : toN8n(right);
  if (second === undefined) return undefined;
  const number = (operation: string, value: Json): Part => ({ left: first, right: value, operator: { type: 'number', operation } });
  if (Object.hasOwn(ORDERED, operator)) return typeof second === 'string' && !second.startsWith('=') && !Number.isFinite(Number(second)) ? undefined : [number(ORDERED[operator] ?? operator, second)];
  if (operator === 'btwn') {
    const third = upTo === undefined ? undefined : toN8n(upTo);
    return typeof second === 'number' && typeof third === 'number' ? [number('gte', Math.min(second, third)), number('lte', Math.max(second, third))] : undefined;
  }
  const type = typeof second === 'number' || typeof second === 'boolean' ? typeof second : 'string';
  const operation = { eq: 'equals', neq: 'notEquals', cont: 'contains', regex: 'regex' }[operator];
  if (operation === undefined) return undefined;
  return [{ left: first, right: second, operator: { type: operation === 'contains' || operation === 'regex' ? 'string' : type, operation } }];
}
