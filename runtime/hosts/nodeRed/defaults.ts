import type { Control } from '../controls';
import { isSecret, type NodeForm } from './form';

/** One property of a saved node as `registerType` wants it, without its validator. */
export interface PropertyDefault {
  readonly value: unknown;
  readonly label?: string;
  readonly type?: string;
  readonly required?: false;
}

/** What Node-RED saves with a node. Numbers are text, and empty where the schema's default is meant, so that a better default reaches old flows. */
export function propertyDefaults(form: NodeForm): Readonly<Record<string, PropertyDefault>> {
  const defaults: Record<string, PropertyDefault> = { name: { value: '' } };
  for (const { name, type } of form.configNodes) defaults[name] = { value: '', type, required: false };
  if (form.hasHook) defaults['token'] = { value: '' };
  for (const control of form.controls.filter((candidate) => !isSecret(candidate))) {
    defaults[control.name] = { value: initialValue(control), label: control.label };
  }
  return defaults;
}

export function credentialFields(form: NodeForm): Readonly<Record<string, { readonly type: 'password' }>> {
  return Object.fromEntries(form.controls.filter(isSecret).map((control) => [control.name, { type: 'password' }]));
}

/** The value of an untouched field. */
export function initialValue(control: Control): unknown {
  switch (control.kind) {
    case 'number':
    case 'integer':
    case 'secret':
      return '';
    case 'text':
    case 'code':
    case 'choice':
      return control.default ?? '';
    case 'toggle':
      return control.default ?? false;
    case 'choices':
    case 'rows':
    case 'conditionRows':
      return control.default ?? [];
    case 'group':
      return Object.fromEntries(control.fields.map((field) => [field.name, initialValue(field)]));
  }
}
