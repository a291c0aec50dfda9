import { z } from 'zod';
import { describeWithRealMonths, PLAYED } from '../market';
import { CAPITAL, changesOf, compiled, countOf, decided, declare, environmentOf, FEWEST_INTENTS, LIMITS, MONTHS_OF_THIS_RUN, redFlow, type Decisions, type FlowName, type Month } from '../marketMonth';
import { N8nClient } from './client';
import { until } from './poll';
import { N8nProcess } from './process';
import { deploy, packageFolder, shippedFlow, withStore, type ShippedFlow } from './session';

jest.setTimeout(600_000);

const PLAY_LIMIT_MS = 500_000;

const Parameters = z.looseObject({ sizing: z.looseObject({}).optional() });
const Connections = z.record(z.string(), z.object({ main: z.array(z.array(z.looseObject({ node: z.string() }))) }));

/** A workflow as the user changed it. */
function changed(name: FlowName, month: Month): ShippedFlow {
  const flow = shippedFlow(name);
  const nodes = flow.nodes.map((node) => {
    const parameters = Parameters.parse(node['parameters']);
    const sizing = parameters.sizing === undefined ? {} : { sizing: { ...parameters.sizing, defaultQuantity: month.lot } };
    return { ...node, parameters: { ...parameters, ...changesOf(node.type, parameters, month), ...sizing } };
  });
  return { ...flow, nodes };
}

/** Both on one canvas, so that the recording begins for both at once; names are one to a canvas in n8n. */
function both(month: Month): ShippedFlow {
  const first = changed('EMA crossover', month);
  const second = changed('Opening-range breakout', month);
  const named = (name: string): string => `Range: ${name}`;
  const wires = Object.entries(Connections.parse(second.connections)).map(([from, { main }]) => [named(from), { main: main.map((port) => port.map((link) => ({ ...link, node: named(link.node) }))) }]);
  return { ...first, nodes: [...first.nodes, ...second.nodes.map((node) => ({ ...node, name: named(node.name) }))], connections: { ...Connections.parse(first.connections), ...Object.fromEntries(wires) } };
}

async function inN8n(month: Month): Promise<Decisions> {
  const host = await N8nProcess.create({ packageFolder: packageFolder(), env: environmentOf(month) });
  declare(host.stateFolder, month);
  try {
    await host.start();
    const session = { host, client: new N8nClient(host.base) };
    await session.client.signIn();
    await deploy(session, both(month), { account: { id: 'paper', capital: CAPITAL, marketHours: 'exchange', limits: { ...LIMITS, cooldownSeconds: 0 } } });
    await until('the end of the recording', () => (PLAYED.test(host.log) ? true : undefined), PLAY_LIMIT_MS);
    return await withStore(session, decided);
  } finally {
    await host.dispose();
  }
}

describeWithRealMonths('n8n over a month of an index, with orders on a stand-in future', () => {
  test.each(MONTHS_OF_THIS_RUN)('decides what the compiled flow of either editor decides, byte for byte: $file', async (month) => {
    const expected = await compiled(month, (name) => changed(name, month));
    expect(countOf(expected).all).toBeGreaterThanOrEqual(FEWEST_INTENTS);
    expect(await compiled(month, (name) => redFlow(name, month))).toEqual(expected);
    expect(await inN8n(month)).toEqual(expected);
  });
});
