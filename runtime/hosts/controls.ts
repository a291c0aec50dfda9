import { z } from 'zod';
import { field, type ControlKind, type FieldInfo } from './field';

/** One parameter as both editors draw it: the schema's facts and the field's words in one plain value. */
export interface Control {
  readonly name: string;
  readonly kind: ControlKind;
  readonly label: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly unit?: string;
  /** True when the schema accepts neither absence nor a default. */
  readonly required: boolean;
  /** JSON-safe default; absent where there is none. */
  readonly default?: unknown;
  readonly showWhen?: FieldInfo['showWhen'];
  readonly section?: string;
  readonly technical: boolean;
  /** Words of the condition language are proposed in it. */
  readonly completes?: boolean;
  /** Options of a choice or choices, in order. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Columns of rows, members of a group. */
  readonly fields: readonly Control[];
}

/** What an unset choice says: an explicit value wins over the item, the item over the default. */
export const UNSET_CHOICE = 'From the Item';

/** The controls of a node's parameters, in the order of their declaration. Throws for a schema outside the closed set: that is a bug in a definition. */
export function describeControls(params: z.ZodObject): readonly Control[] {
  const known = described.get(params);
  if (known !== undefined) return known;
  const controls = describe(params);
  described.set(params, controls);
  return controls;
}

/** A schema's controls never change, and hosts ask for them with every item. */
const described = new WeakMap<z.ZodObject, readonly Control[]>();

function describe(params: z.ZodObject): readonly Control[] {
  return Object.entries(params.shape).map(([name, schema]) => describeControl(name, asSchema(schema, name)));
}

function describeControl(name: string, schema: z.ZodType): Control {
  const info = field.get(schema);
  if (info === undefined) throw new Error(`Parameter ${name} has no field info; register it with field.`);
  const { inner, required, preset } = unwrap(schema, name);
  const shape: Shape = info.control === 'conditionRows' ? { kind: info.control, ...PLAIN } : shapeOf(inner, name);
  return {
    name,
    ...shape,
    kind: info.control ?? shape.kind,
    label: info.label,
    required,
    technical: info.technical ?? false,
    options: shape.values.map((value) => ({ value, label: info.options?.[value] ?? value })),
    ...(preset === undefined ? {} : { default: preset }),
    ...pick(info, ['help', 'placeholder', 'unit', 'showWhen', 'section', 'completes']),
  };
}

interface Shape {
  readonly kind: ControlKind;
  readonly values: readonly string[];
  readonly fields: readonly Control[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const PLAIN: Omit<Shape, 'kind'> = { values: [], fields: [] };

function shapeOf(schema: z.ZodType, name: string): Shape {
  if (schema instanceof z.ZodString) return { kind: 'text', ...PLAIN };
  if (schema instanceof z.ZodBoolean) return { kind: 'toggle', ...PLAIN };
  if (schema instanceof z.ZodNumber) return { kind: schema.format === 'safeint' ? 'integer' : 'number', ...PLAIN, ...bounds(schema) };
  if (schema instanceof z.ZodEnum) return { kind: 'choice', fields: [], values: Object.values(schema.enum).map(String) };
  if (schema instanceof z.ZodObject) return { kind: 'group', values: [], fields: describeControls(schema) };
  if (schema instanceof z.ZodArray) return listShape(asSchema(schema.element, name), name);
  throw new Error(`Parameter ${name} is outside the closed set of controls.`);
}

function listShape(element: z.ZodType, name: string): Shape {
  if (element instanceof z.ZodObject) return { kind: 'rows', values: [], fields: describeControls(element) };
  if (element instanceof z.ZodEnum) return { kind: 'choices', fields: [], values: Object.values(element.enum).map(String) };
  throw new Error(`Parameter ${name}: a list holds rows or choices.`);
}

/** Bounds that are the number type's own (±2^53) say nothing to a person and are left out. */
function bounds(schema: z.ZodNumber): Pick<Shape, 'minimum' | 'maximum'> {
  const { minValue, maxValue } = schema;
  return {
    ...(minValue !== null && Number.isFinite(minValue) && minValue > Number.MIN_SAFE_INTEGER ? { minimum: minValue } : {}),
    ...(maxValue !== null && Number.isFinite(maxValue) && maxValue < Number.MAX_SAFE_INTEGER ? { maximum: maxValue } : {}),
  };
}

const WRAPPERS_LIMIT = 8;

function unwrap(schema: z.ZodType, name: string): { inner: z.ZodType; required: boolean; preset: unknown } {
  let inner = schema;
  let required = true;
  let preset: unknown;
  for (let depth = 0; depth < WRAPPERS_LIMIT; depth += 1) {
    if (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
      preset ??= inner.def.defaultValue;
      required = false;
      inner = asSchema(inner.def.innerType, name);
    } else if (inner instanceof z.ZodOptional) {
      required = false;
      inner = asSchema(inner.def.innerType, name);
    } else return { inner, required, preset };
  }
  throw new Error(`Parameter ${name} is wrapped too deeply.`);
}

function asSchema(value: unknown, name: string): z.ZodType {
  if (value instanceof z.ZodType) return value;
  throw new Error(`Parameter ${name} is no classic zod schema.`);
}

function pick<K extends keyof FieldInfo>(info: FieldInfo, names: readonly K[]): Pick<FieldInfo, K> {
  const picked: Partial<FieldInfo> = {};
  for (const name of names) if (info[name] !== undefined) picked[name] = info[name];
  return picked as Pick<FieldInfo, K>;
}
