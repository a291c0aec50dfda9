import type { ILoadOptionsFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { NodeDefinition } from '../definition';
import { nodeControls } from '../identity';
import { flatten } from './sections';

/**
 * The meaning of a form, live. n8n evaluates neither notices nor hints of a package's node in the editor, but it does load a choice's options from the server
 * again when a field that they depend on has changed: so the meaning is the one option of a choice that chooses nothing.
 */
export const MEANING = 'meaning';

/** The value of the one option. n8n shows the text of an option that has a value, and "Select" for an empty one. */
const SHOWN = 'shown';

/** The property that shows it, or none for a node without a meaning. */
export function meaningProperties({ meaning }: NodeDefinition): INodeProperties[] {
  if (meaning === undefined) return [];
  return [{
    displayName: 'Meaning', name: MEANING, type: 'options', noDataExpression: true, default: SHOWN,
    typeOptions: { loadOptionsMethod: MEANING, loadOptionsDependsOn: meaning.params.flatMap((name) => [name, `${name}Combine`]) },
    description: 'How the fields above are read. It is refreshed when they change and decides nothing.',
  }];
}

/** How long a name n8n shows in one line; the rest stands in the description of the opened list. */
export function loadMeaning(definition: NodeDefinition): (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]> {
  return function load(this: ILoadOptionsFunctions) {
    const saved = this.getCurrentNodeParameters() ?? {};
    return Promise.resolve(meaningOptions(definition, saved));
  };
}

export function meaningOptions(definition: NodeDefinition, saved: Readonly<Record<string, unknown>>): INodePropertyOptions[] {
  const values = flatten(nodeControls(definition), (name) => saved[name] ?? null);
  if (containsExpression(values)) return [option('Known when the node runs: a field is an expression')];
  const meaning = definition.meaning?.of(filled(values, definition));
  if (meaning === undefined) return [];
  if (!meaning.ok) return [option(`⚠ ${meaning.denial.message}`, meaning.denial.remedy)];
  // The closed choice shows one line, as much of it as fits; the opened one has room for the rest.
  return [option(meaning.lines.join(' · ') || 'Nothing yet', meaning.lines.slice(1).join(' · '))];
}

function option(name: string, description?: string): INodePropertyOptions {
  return { name, value: SHOWN, ...(description === undefined || description === '' ? {} : { description }) };
}

/** Absent values take the defaults of the form, so that what is meant is what is shown. */
function filled(values: Readonly<Record<string, unknown>>, definition: NodeDefinition): Readonly<Record<string, unknown>> {
  const defaults = nodeControls(definition).flatMap((control) => (control.default === undefined ? [] : [[control.name, control.default] as const]));
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined)) };
}

function containsExpression(values: unknown): boolean {
  return JSON.stringify(values).includes('"={{');
}
