import type { Control } from '../controls';
import type { NodeDefinition } from '../definition';
import { nodeControls } from '../identity';
import { collectionName, sectionsOf } from '../n8n/sections';
import { initialValue } from '../nodeRed/defaults';
import { rowsToTable } from './conditionTable';

type Values = Readonly<Record<string, unknown>>;

/** Flat values as Node-RED's forms save them: every field, numbers as text, what is unset as an untouched field. */
export function toRedValues(controls: readonly Control[], flat: Values): Readonly<Record<string, unknown>> {
  return Object.fromEntries(controls.map((control) => [control.name, redValue(control, flat[control.name])]));
}

function redValue(control: Control, value: unknown): unknown {
  if (isUnset(value)) return initialValue(control);
  if (control.kind === 'number' || control.kind === 'integer') return typeof value === 'number' ? String(value) : value;
  if (control.kind === 'rows') return isList(value) ? value.map((row) => toRedValues(control.fields, asRecord(row))) : value;
  return control.kind === 'group' ? toRedValues(control.fields, asRecord(value)) : value;
}

/** Flat values as n8n saves them: what differs from the form's defaults, by section, rows inside `values`. `numbersAsText` says how they were saved. */
export function toN8nParameters(definition: NodeDefinition, flat: Values): Readonly<Record<string, unknown>> {
  const controls = nodeControls(definition);
  const top = controls.filter(({ section, technical }) => section === undefined || technical);
  const collections = sectionsOf(controls).map((section): readonly [string, Values] => [collectionName(section, controls), n8nValues(controls.filter((control) => control.section === section && !control.technical), flat)]);
  return { ...n8nValues(top, flat), ...Object.fromEntries(collections.filter(([, values]) => Object.keys(values).length > 0)) };
}

function n8nValues(controls: readonly Control[], flat: Values): Values {
  return Object.fromEntries(controls.flatMap((control): readonly (readonly [string, unknown])[] => {
    const value = n8nValue(control, flat[control.name]);
    if (value === undefined || JSON.stringify(value) === JSON.stringify(control.default ?? untouched(control))) return [];
    if (control.kind === 'conditionRows') return Object.entries(rowsToTable(control.name, value));
    return [[control.name, control.kind === 'rows' ? { values: value } : value]];
  }));
}

/** What n8n's form holds where a field was not touched and has no default. */
function untouched(control: Control): unknown {
  if (control.kind === 'toggle') return false;
  return control.kind === 'choices' || control.kind === 'rows' ? [] : undefined;
}

function n8nValue(control: Control, value: unknown): unknown {
  if (isUnset(value)) return undefined;
  if (control.kind === 'number' || control.kind === 'integer') return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
  if (control.kind === 'rows') return isList(value) ? value.map((row) => cellsOf(control.fields, asRecord(row))) : value;
  return control.kind === 'group' ? cellsOf(control.fields, asRecord(value)) : value;
}

/** Cells keep what equals their default: n8n shows a row's cells by themselves. */
function cellsOf(controls: readonly Control[], row: Values): Values {
  return Object.fromEntries(controls.flatMap((control) => {
    const value = n8nValue(control, row[control.name]);
    return value === undefined ? [] : [[control.name, value]];
  }));
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function asRecord(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}
