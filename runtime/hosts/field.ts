import { z } from 'zod';

/** How a parameter is shown. Inferred from its schema; a name here overrides the inference. `conditionRows` is the table of a condition, drawn by hand in each editor. */
export type ControlKind = 'text' | 'number' | 'integer' | 'toggle' | 'choice' | 'choices' | 'rows' | 'group' | 'code' | 'secret' | 'conditionRows';

/** What a person sees of a parameter. Everything else (type, range, default, options) is the schema's. */
export interface FieldInfo {
  /** Title Case, two or three words. */
  readonly label: string;
  /** One sentence, sentence case; booleans start with "Whether". */
  readonly help?: string;
  /** Shown in an empty control, without the "e.g.". */
  readonly placeholder?: string;
  /** Shown behind the label: `shares`, `%`, `ms`. */
  readonly unit?: string;
  readonly control?: ControlKind;
  /** Labels of a choice's options, by value; the value itself where absent. */
  readonly options?: Readonly<Record<string, string>>;
  /** Visible only while every named parameter has one of the listed values. A hidden field is dropped before parsing. */
  readonly showWhen?: Readonly<Record<string, readonly (string | boolean)[]>>;
  /** Optional fields with the same section are folded into one collection ("Options", "Limits"). */
  readonly section?: string;
  /** Text in the condition language: words of it are proposed while typing, where the editor can. */
  readonly completes?: boolean;
  /** Saved with the node but not shown among the ordinary fields: strategy and node keys. */
  readonly technical?: boolean;
}

/** Attach with `schema.register(field, { label: … })`. */
export const field = z.registry<FieldInfo>();

/** The same fields, shown only under a condition, besides their own. Clones the schemas: a field's info belongs to one node. */
export function shownWhen<T extends Record<string, z.ZodType>>(fields: T, showWhen: NonNullable<FieldInfo['showWhen']>): T {
  const shown: Record<string, z.ZodType> = {};
  for (const [name, schema] of Object.entries(fields)) {
    const info = field.get(schema);
    if (info === undefined) throw new Error(`Field ${name} has no info; register it with field.`);
    shown[name] = schema.clone().register(field, { ...info, showWhen: { ...info.showWhen, ...showWhen } });
  }
  // Same names and same schema types as `fields`; building by name loses that.
  return shown as T;
}
