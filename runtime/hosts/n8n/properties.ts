import type { IDisplayOptions, INodeProperties, NodeParameterValueType } from 'n8n-workflow';
import { UNSET_CHOICE, type Control } from '../controls';
import { asDescription } from './asDescription';
import { conditionRowsProperties } from './conditionRows';
import { collectionName, sectionsOf } from './sections';

/**
 * Controls as n8n draws them: plain fields first, then one collection a section, technical fields hidden.
 * Every call returns fresh objects, because n8n writes into the properties of a node type.
 */
export function projectProperties(controls: readonly Control[]): INodeProperties[] {
  const scope: Scope = { controls, section: undefined };
  const plain = controls.filter((control) => control.section === undefined || control.technical);
  const shown = plain.filter((control) => !control.technical).flatMap((control) => properties(control, scope));
  const sections = sectionsOf(controls).map((section) => collection(section, controls));
  const hidden = plain.filter((control) => control.technical).map((control) => technical(control));
  return [...shown, ...sections, ...hidden];
}

/** The controls a field may refer to, and the section it stands in itself. */
interface Scope {
  readonly controls: readonly Control[];
  readonly section: string | undefined;
}

/** A condition that all fields of a section share is the collection's own: no empty collection is left on the form. */
function collection(section: string, controls: readonly Control[]): INodeProperties {
  const members = controls.filter((control) => control.section === section && !control.technical);
  const [first] = members;
  const shared = first !== undefined && members.every((control) => JSON.stringify(control.showWhen) === JSON.stringify(first.showWhen)) ? visibility(first, { controls, section: undefined }) : undefined;
  const scope: Scope = { controls, section };
  const options = members.map((control) => (shared === undefined ? property(control, scope) : bare(control, scope)));
  return {
    displayName: section,
    name: collectionName(section, controls),
    type: 'collection',
    placeholder: `Add ${section.toLowerCase().replace(/s$/, '')}`,
    default: {},
    options,
    ...(shared === undefined ? {} : { displayOptions: shared }),
  };
}

function technical(control: Control): INodeProperties {
  return { displayName: control.label, name: control.name, type: 'hidden', default: '' };
}

/** The table of a condition is two properties, drawn by hand; everything else is one. */
function properties(control: Control, scope: Scope): INodeProperties[] {
  if (control.kind !== 'conditionRows') return [property(control, scope)];
  const displayOptions = visibility(control, scope);
  return conditionRowsProperties(control).map((each) => ({ ...each, ...(displayOptions === undefined ? {} : { displayOptions }) }));
}

function property(control: Control, scope: Scope): INodeProperties {
  const displayOptions = visibility(control, scope);
  return { ...bare(control, scope), ...(displayOptions === undefined ? {} : { displayOptions }) };
}

/** A property without its condition. */
function bare(control: Control, scope: Scope): INodeProperties {
  const decidesVisibility = scope.controls.some((other) => other.showWhen?.[control.name] !== undefined);
  return {
    displayName: control.unit === undefined ? control.label : `${control.label} (${control.unit})`,
    name: control.name,
    ...kindOf(control, scope),
    ...(control.required ? { required: true } : {}),
    ...(control.help === undefined ? {} : { description: asDescription(control.help) }),
    ...(control.placeholder === undefined ? {} : { placeholder: `e.g. ${control.placeholder}` }),
    ...(decidesVisibility ? { noDataExpression: true } : {}),
  };
}

function kindOf(control: Control, scope: Scope): Pick<INodeProperties, 'type' | 'default' | 'options' | 'typeOptions' | 'placeholder'> {
  switch (control.kind) {
    case 'text': return { type: 'string', default: preset(control, '') };
    case 'secret': return { type: 'string', typeOptions: { password: true }, default: '' };
    case 'code': return { type: 'string', typeOptions: { rows: 6 }, default: preset(control, '') };
    case 'integer': return { type: 'number', typeOptions: { ...limits(control), numberPrecision: 0 }, default: preset(control, '') };
    case 'number': return { type: 'number', typeOptions: limits(control), default: preset(control, '') };
    case 'toggle': return { type: 'boolean', default: preset(control, false) };
    case 'choice': return choice(control, scope);
    case 'choices': return { type: 'multiOptions', options: options(control), default: preset(control, []) };
    case 'conditionRows': throw new Error(`Parameter ${control.name}: a table of conditions stands among the plain fields.`);
    case 'group': return { type: 'collection', default: {}, options: members(control) };
    case 'rows': return {
      type: 'fixedCollection', typeOptions: { multipleValues: true, sortable: true }, placeholder: `Add ${control.label.replace(/s$/, '').toLowerCase()}`, default: {},
      options: [{ name: 'values', displayName: control.label, values: members(control) }],
    };
  }
}

function choice(control: Control, scope: Scope): Pick<INodeProperties, 'type' | 'default' | 'options'> {
  const mayBeUnset = !control.required && control.default === undefined && scope.section === undefined;
  const first = control.options[0]?.value ?? '';
  return {
    type: 'options',
    options: mayBeUnset ? [{ name: UNSET_CHOICE, value: '' }, ...options(control)] : options(control),
    default: preset(control, mayBeUnset ? '' : first),
  };
}

function options(control: Control): { name: string; value: string }[] {
  return control.options.map(({ value, label }) => ({ name: label, value }));
}

/** Members of a group or the columns of rows: a scope of their own. */
function members(control: Control): INodeProperties[] {
  return control.fields.map((field) => property(field, { controls: control.fields, section: undefined }));
}

function limits(control: Control): { minValue?: number; maxValue?: number } {
  return {
    ...(control.minimum === undefined ? {} : { minValue: control.minimum }),
    ...(control.maximum === undefined ? {} : { maxValue: control.maximum }),
  };
}

function preset(control: Control, otherwise: NodeParameterValueType): NodeParameterValueType {
  const { default: value } = control;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return [...value];
  return otherwise;
}

/**
 * n8n shows a field while another one has a value. A field that may be missing from the form (it stands in a collection, or is hidden itself)
 * counts with its default; n8n can not ask for "missing", so such a condition is turned round: hide while it has one of the other values.
 */
function visibility(control: Control, scope: Scope): IDisplayOptions | undefined {
  const show: Record<string, (string | boolean)[]> = {};
  const hide: Record<string, (string | boolean)[]> = {};
  for (const [name, wanted] of Object.entries(control.showWhen ?? {})) {
    const other = scope.controls.find((candidate) => candidate.name === name);
    if (other === undefined) throw new Error(`Parameter ${control.name} depends on ${name}, which does not exist.`);
    const path = reference(other, scope);
    const mayBeMissing = other.section !== undefined || other.showWhen !== undefined;
    if (mayBeMissing && wanted.some((value) => value === other.default)) hide[path] = valuesOf(other).filter((value) => !wanted.includes(value));
    else show[path] = [...wanted];
  }
  const result = { ...(Object.keys(show).length > 0 ? { show } : {}), ...(Object.keys(hide).length > 0 ? { hide } : {}) };
  return Object.keys(result).length === 0 ? undefined : result;
}

function valuesOf(control: Control): (string | boolean)[] {
  return control.kind === 'toggle' ? [true, false] : control.options.map(({ value }) => value);
}

/** How a field names another one: relative within its own collection, from the root with a slash. */
function reference(other: Control, scope: Scope): string {
  if (other.section === scope.section) return other.name;
  const path = other.section === undefined ? other.name : `${collectionName(other.section, scope.controls)}.${other.name}`;
  return scope.section === undefined ? path : `/${path}`;
}
