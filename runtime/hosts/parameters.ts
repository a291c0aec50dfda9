import type { z } from 'zod';
import { deny, ok, type Outcome } from '../domain/denial';
import { describeControls, type Control } from './controls';

/** How a host saves values: Node-RED's forms hold numbers as text, n8n's do not. */
export interface RawForm {
  readonly numbersAsText: boolean;
}

type Raw = Readonly<Record<string, unknown>>;

/**
 * A node's saved values, parsed. Hidden fields are dropped first, so that what a person no longer sees can not matter;
 * an empty field counts as absent. A bad value is an INVALID_PARAMETER that names the field as the form labels it.
 */
export function readParameters<P extends z.ZodObject>(schema: P, raw: Raw, form: RawForm): Outcome<z.infer<P>> {
  const controls = describeControls(schema);
  const parsed = schema.safeParse(visible(controls, raw, form));
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? '');
  const label = controls.find((control) => control.name === name)?.label ?? name;
  return deny('INVALID_PARAMETER', `${label}: ${issue?.message ?? 'not valid'}`, { field: name, remedy: `Open the node and correct "${label}".` });
}

/** True when the control is to be shown for these values; a condition on a field that is itself absent looks at its default. */
export function isVisible(control: Control, controls: readonly Control[], values: Raw): boolean {
  return Object.entries(control.showWhen ?? {}).every(([name, wanted]) => {
    const value = values[name] ?? controls.find((other) => other.name === name)?.default;
    return wanted.some((candidate) => candidate === value);
  });
}

function visible(controls: readonly Control[], raw: Raw, form: RawForm): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const control of controls) {
    const value = convert(control, raw[control.name], form);
    if (value !== undefined && isVisible(control, controls, raw)) values[control.name] = value;
  }
  return values;
}

function convert(control: Control, value: unknown, form: RawForm): unknown {
  if (value === '' || value === null || value === undefined) return undefined;
  if ((control.kind === 'number' || control.kind === 'integer') && form.numbersAsText) return asNumber(value);
  if (control.kind === 'rows') return isList(value) ? value.map((row) => (isRecord(row) ? visible(control.fields, row, form) : row)) : value;
  if (control.kind === 'group') return isRecord(value) ? visible(control.fields, value, form) : value;
  return value;
}

/** Text that is wholly a number becomes one; anything else is left for the schema to refuse. */
function asNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(value)) return value;
  return Number(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
