import type { IExecuteFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { NodeDefinition } from '../definition';
import { nodeControls } from '../identity';
import { flatten } from './sections';

type Raw = Readonly<Record<string, unknown>>;

/** An action's values for one item, flat by name; expressions are resolved by n8n. */
export function valuesForItem(host: IExecuteFunctions, definition: NodeDefinition, itemIndex: number): Raw {
  return flatten(nodeControls(definition), (name) => host.getNodeParameter(name, itemIndex, null));
}

/** A trigger's values: it has no items. */
export function valuesOf(host: ITriggerFunctions | IWebhookFunctions, definition: NodeDefinition): Raw {
  return flatten(nodeControls(definition), (name) => host.getNodeParameter(name, null));
}
