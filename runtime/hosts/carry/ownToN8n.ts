import type { DocumentNode, OurNode } from '../replay';
import { toN8nParameters } from './ownValues';
import { single, type Piece } from './piece';

export const PACKAGE = '@bellwether/n8n-nodes-trading.';

/** A node of ours from Node-RED: every parameter and its identity. `broker` is that of the account it points to. */
export function ownToN8n(of: DocumentNode, { definition, values, fallback }: OurNode, broker: string | undefined): Piece {
  const filled = { ...values, strategyId: values['strategyId'] === '' || values['strategyId'] === undefined ? fallback.strategyId : values['strategyId'], nodeKey: values['nodeKey'] === '' || values['nodeKey'] === undefined ? fallback.nodeKey : values['nodeKey'] };
  const parameters = { ...(broker === undefined || broker === 'paper' ? {} : { broker }), ...toN8nParameters(definition, literals(filled)) };
  return single(of, {
    key: of.id, name: of.name, outputs: definition.outputs.length,
    entry: { type: `${PACKAGE}${definition.type}`, typeVersion: definition.kind === 'webhookTrigger' ? 2 : definition.version, parameters, ...(of.notes === '' ? {} : { notes: of.notes }), ...(of.disabled ? { disabled: true } : {}) },
  });
}

/** A text that begins with `=` would be an expression in n8n. */
function literals(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' && value.startsWith('=') ? `=${value}` : value]));
}
