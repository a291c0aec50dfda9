import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as definitions from '../../nodes';
import { readParameters } from '../../runtime/hosts/parameters';
import { ourNodes, readN8n, readNodeRed } from '../../runtime/hosts/replay';
import { HOSTS, valueOf } from '../doubles/shippedFlow';

/** Nodes of the flow by their key, with parsed parameters: what both editors must agree on. */
function nodesOf(host: (typeof HOSTS)[number]): ReadonlyMap<string, unknown> {
  const file: unknown = JSON.parse(readFileSync(path.join(__dirname, '../../flows', host, 'Look at the market.json'), 'utf8'));
  const graph = valueOf((host === 'n8n' ? readN8n : readNodeRed)(file, Object.values(definitions)));
  return new Map(ourNodes(graph).map(({ definition, values, numbersAsText }) => [String(values['nodeKey']), { type: definition.type, params: valueOf(readParameters(definition.params, values, { numbersAsText })) }]));
}

test('n8n\'s form and Node-RED\'s form hold the same condition, results and symbol', () => {
  const [n8n, nodeRed] = HOSTS.map(nodesOf);
  expect([...(n8n?.keys() ?? [])].sort()).toEqual(['look-averages', 'look-not-up', 'look-quote', 'look-trend', 'look-unknown', 'look-up']);
  for (const key of ['look-quote', 'look-averages', 'look-trend']) expect(n8n?.get(key)).toEqual(nodeRed?.get(key));
  expect(n8n?.get('look-trend')).toMatchObject({ params: { rows: { kind: 'group', operator: 'and', rows: [{ left: 'indicators.fast', operator: '>', right: 'indicators.slow' }, { left: 'rsi(14)', operator: '<', right: '70' }] } } });
});
