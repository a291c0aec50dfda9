import { z } from 'zod';
import { ok, type Outcome } from '../../../../domain/denial';
import { parsePath, valueAt, withoutPath, withValue, type Path } from '../../expressions/path';
import { parseTemplate } from '../../expressions/template';
import type { Evaluate } from '../../expressions/evaluate';
import type { Carried, Data, FlowState } from '../../graph';
import type { ChangeStep } from '../doing';
import { toText, toType, wrong, type FieldType } from './coerce';
import { readValue } from './conditions';
import { notAsSaved, notTranslated, type N8nTranslator } from './saved';

const Type = z.enum(['string', 'number', 'boolean', 'array', 'object']);

const Parameters = z.object({
  mode: z.string().default('manual'),
  assignments: z.object({ assignments: z.array(z.object({ name: z.string(), type: z.string().default('string'), value: z.json().optional() })).default([]) }).default({ assignments: [] }),
  includeOtherFields: z.boolean().default(false),
  include: z.enum(['all', 'selected', 'except']).default('all'),
  includeFields: z.string().default(''),
  excludeFields: z.string().default(''),
  options: z.object({ ignoreConversionErrors: z.boolean().default(false), dotNotation: z.boolean().default(true) }).default({ ignoreConversionErrors: false, dotNotation: true }),
});
type Parameters = z.infer<typeof Parameters>;

interface Assignment {
  readonly name: string;
  readonly path: Path;
  readonly type: FieldType;
  readonly evaluate: Evaluate;
}

/** n8n's Edit Fields in its mode "Manual Mapping". */
export const translateEditFields: N8nTranslator = ({ parameters }) => {
  const parsed = Parameters.safeParse(parameters);
  if (!parsed.success) return notAsSaved(parsed.error.issues[0]?.message ?? '');
  const saved = parsed.data;
  if (saved.mode !== 'manual') return notTranslated('The mode "JSON" of Edit Fields', 'Use its mode "Manual Mapping".', 'mode');
  if ([saved.includeFields, saved.excludeFields].some((list) => list.startsWith('='))) return notTranslated('A list of fields that is an expression', 'Write the names of the fields.', 'includeFields');
  const assignments: Assignment[] = [];
  const steps: ChangeStep[] = [];
  for (const each of saved.assignments.assignments) {
    const read = readAssignment(each, saved.options.dotNotation);
    if (!read.ok) return read;
    assignments.push(read.value.assignment);
    steps.push(read.value.step);
  }
  return ok({
    doing: { kind: 'change', steps, keepOthers: saved.includeOtherFields && saved.include === 'all' },
    inputs: 1,
    outputs: ['main'],
    run: ({ inputs }, state) => {
      const out = [];
      for (const carried of inputs[0] ?? []) {
        const data = edited(saved, assignments, carried, state);
        if (!data.ok) return data;
        out.push({ port: 'main', carried: { data: data.value, trail: carried.trail } });
      }
      return ok(out);
    },
  });
};

function readAssignment({ name: savedName, type: savedType, value }: Parameters['assignments']['assignments'][number], dots: boolean): Outcome<{ readonly assignment: Assignment; readonly step: ChangeStep }> {
  const type = Type.safeParse(savedType);
  if (!type.success) return notTranslated(`The field "${savedName}" of type ${savedType}`, 'Use a text, a number, a boolean, a list or an object.', 'assignments');
  const name = parseTemplate(savedName);
  const path = name.ok && name.value.kind === 'literal' && typeof name.value.value === 'string' ? pathOf(name.value.value, dots) : undefined;
  if (path === undefined) return notTranslated(`The name "${savedName}"`, 'Write the field\'s name as a text.', 'assignments');
  const read = readValue(value);
  if (!read.ok) return { ok: false, denial: { ...read.denial, message: `${savedName}: ${read.denial.message}` } };
  return ok({ assignment: { name: savedName, path, type: type.data, evaluate: read.value.evaluate }, step: { kind: 'set', to: { of: 'item', path }, value: read.value.expression, type: type.data } });
}

function pathOf(name: string, dots: boolean): Path | undefined {
  return dots ? parsePath(name) : [name];
}

/** The fields that stay, then every assignment. Values are those of the item as it came in. */
function edited(saved: Parameters, assignments: readonly Assignment[], carried: Carried, state: FlowState): Outcome<Data> {
  let data = kept(saved, carried.data);
  for (const { name, path, type, evaluate } of assignments) {
    const value = evaluate({ carried, state });
    if (!value.ok) return value;
    const converted = convert(value.value, type, saved.options.ignoreConversionErrors);
    if (!converted.ok) return { ok: false, denial: { ...converted.denial, message: `${name}: ${converted.denial.message}` } };
    data = DataShape.parse(withValue(data, Object.hasOwn(data, name) ? [name] : path, converted.value));
  }
  return ok(data);
}

const DataShape = z.custom<Data>((value) => typeof value === 'object' && value !== null);

function kept({ includeOtherFields, include, includeFields, excludeFields, options: { dotNotation } }: Parameters, data: Data): Data {
  if (!includeOtherFields) return {};
  if (include === 'all') return data;
  const names = (include === 'selected' ? includeFields : excludeFields).split(',').map((name) => name.trim()).filter((name) => name !== '');
  const path = (name: string): Path => (Object.hasOwn(data, name) ? [name] : pathOf(name, dotNotation) ?? [name]);
  if (include === 'except') return DataShape.parse(names.reduce<unknown>((left, name) => withoutPath(left, path(name)), data));
  return DataShape.parse(names.reduce<unknown>((found, name) => withValue(found, [dotNotation ? name.split('.').at(-1) ?? name : name], valueAt(data, path(name))), {}));
}

/** No value becomes null. A text is made of anything; the others only of what can be one, unless errors of conversion are to be ignored. */
function convert(value: unknown, type: FieldType, ignoreErrors: boolean): Outcome<unknown> {
  if (value === undefined || value === null) return ok(null);
  if (type === 'string') return ok(toText(value));
  const converted = toType(value, type);
  if (converted.ok) return ok(Number.isNaN(converted.value) ? null : converted.value);
  return ignoreErrors ? ok(value) : wrong(value, type);
}
