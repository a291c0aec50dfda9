import { describeControls, type Control } from '../controls';
import type { NodeDefinition } from '../definition';
import { nodeControls } from '../identity';
import type { ConfigDefinition } from './config';
import { nodeRedType } from './nodeType';

/** Everything Node-RED shows of one node, before it becomes html: one plain value that the parts of the projection share. */
export interface NodeForm {
  readonly definition: NodeDefinition | ConfigDefinition;
  readonly type: string;
  readonly isConfig: boolean;
  /** `node-input` or `node-config-input`: how Node-RED finds the fields of a property. */
  readonly prefix: string;
  readonly controls: readonly Control[];
  /** Properties that name a config node, with the config node's type. */
  readonly configNodes: readonly { readonly name: 'account' | 'channel'; readonly type: string }[];
  /** True for a trigger: it has a webhook address. */
  readonly hasHook: boolean;
}

const SECRET: Control = {
  name: 'secret', kind: 'secret', label: 'Secret', required: false, technical: false, options: [], fields: [],
  help: 'The key that the sender puts into the body as "secret" or "apikey". Empty: the address alone authenticates, as ChartInk needs it.',
};

const CONFIG_NODES = [
  { connection: 'account', name: 'account', type: 'bellwether-account' },
  { connection: 'alertChannel', name: 'channel', type: 'bellwether-channel' },
] as const;

/** Properties that Node-RED itself keeps on every node. */
const RESERVED: ReadonlySet<string> = new Set(['id', 'type', 'z', 'x', 'y', 'w', 'h', 'g', 'd', 'l', 'name', 'info', 'env', 'wires', 'inputs', 'outputs', 'icon', 'credentials', 'users', 'valid', 'changed', 'dirty', 'account', 'channel', 'token']);

/** Throws for a parameter whose name Node-RED uses itself: that is a bug in a definition. */
export function nodeForm(definition: NodeDefinition | ConfigDefinition): NodeForm {
  const form = formOf(definition);
  const clash = form.controls.find(({ name }) => RESERVED.has(name));
  if (clash !== undefined) throw new Error(`Parameter ${clash.name} of ${definition.type} has a name that Node-RED uses itself.`);
  return form;
}

function formOf(definition: NodeDefinition | ConfigDefinition): NodeForm {
  const type = nodeRedType(definition.type);
  if (definition.kind === 'config') {
    return { definition, type, isConfig: true, prefix: 'node-config-input', controls: describeControls(definition.params), configNodes: [], hasHook: false };
  }
  const secret = definition.connections.includes('webhookSecret') ? [SECRET] : [];
  return {
    definition, type, isConfig: false, prefix: 'node-input', controls: [...secret, ...nodeControls(definition)],
    configNodes: CONFIG_NODES.filter(({ connection }) => definition.connections.includes(connection)),
    hasHook: definition.kind === 'webhookTrigger',
  };
}

/** Where a config node's Test button asks; undefined for a form without one. */
export function testPathOf({ definition }: NodeForm): string | undefined {
  return definition.kind === 'config' ? definition.testPath : undefined;
}

/** True for a form with fields in the condition language: it needs more of the editor's script. */
export function usesLanguage({ definition, controls }: NodeForm): boolean {
  return (definition.kind !== 'config' && definition.meaning !== undefined) || controls.some(({ kind }) => kind === 'conditionRows');
}

/** Secrets are kept by Node-RED's credential store, everything else with the flow. */
export function isSecret(control: Control): boolean {
  return control.kind === 'secret';
}

/** Fields by section, in the order of their first appearance; `undefined` holds those that are always in sight. Technical ones come last, among the options. */
export function sections(controls: readonly Control[]): ReadonlyMap<string | undefined, readonly Control[]> {
  const bySection = new Map<string | undefined, Control[]>([[undefined, []]]);
  const plain = controls.filter((control) => !control.technical);
  const technical = controls.filter((control) => control.technical);
  for (const control of [...plain, ...technical]) {
    const section = control.technical ? 'Options' : control.section;
    bySection.set(section, [...(bySection.get(section) ?? []), control]);
  }
  return bySection;
}
