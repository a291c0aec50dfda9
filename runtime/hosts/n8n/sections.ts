import type { Control } from '../controls';
import { readConditionRows } from './conditionRows';

/** Section titles in the order of their first field. */
export function sectionsOf(controls: readonly Control[]): readonly string[] {
  const titles = controls.flatMap((control) => (control.section === undefined || control.technical ? [] : [control.section]));
  return [...new Set(titles)];
}

/** The saved name of a section's collection: `Options` is `options`; a parameter of the same name makes it `optionsFields`. */
export function collectionName(section: string, controls: readonly Control[]): string {
  const words = section.split(/[\s-]+/);
  const name = words.map((word, index) => (index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1))).join('');
  return controls.some((control) => control.name === name) ? `${name}Fields` : name;
}

/**
 * The values of a node as n8n saves them (collections by section, rows inside `values`), flat by parameter name.
 * `read` gives a top-level value, or null where n8n has none.
 */
export function flatten(controls: readonly Control[], read: (name: string) => unknown): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const control of controls) {
    if (control.section === undefined || control.technical) flat[control.name] = control.kind === 'conditionRows' ? readConditionRows(control.name, read) : unwrap(control, read(control.name));
  }
  for (const section of sectionsOf(controls)) {
    const values = read(collectionName(section, controls));
    if (!isRecord(values)) continue;
    for (const control of controls) {
      if (control.section === section && !control.technical) flat[control.name] = unwrap(control, values[control.name]);
    }
  }
  return flat;
}

function unwrap(control: Control, value: unknown): unknown {
  if (control.kind === 'rows') return isRecord(value) ? value['values'] : undefined;
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
