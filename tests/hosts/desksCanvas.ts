import { readFileSync } from 'node:fs';
import path from 'node:path';
import { N8nFile, RedFile, type Desk, type DeskFlow } from './desks';

const FLOWS = path.join(__dirname, '../../flows');

/** Where a schedule of all its fields is found; Node-RED keeps every field of a node. */
const SCHEDULE = { flow: 'Momentum ranking', name: 'Every Hour' } as const;
/** Nodes that take an account in n8n. */
const WITH_ACCOUNT = /\.(riskGate|placeOrder|position|tradeLock|condition)$/;

/** The flows of these desks on one tab of Node-RED, as their users changed them. `accountOf` gives the id of a desk's configuration node; absent: none is chosen. */
export function redCanvas(desks: readonly Desk[], accountOf?: (desk: Desk) => string): RedFile {
  const tab = { id: 'canvas', type: 'tab', label: 'Every flow' };
  return [tab, ...desks.flatMap((desk) => desk.flows.flatMap((flow) => redFlow(flow).filter(({ type }) => type !== 'tab').map((node) => ({
    ...node, id: idOn(desk, node.id), z: tab.id,
    ...(node.wires === undefined ? {} : { wires: node.wires.map((port) => port.map((to) => idOn(desk, to))) }),
    ...('account' in node && accountOf !== undefined ? { account: accountOf(desk) } : {}),
  }))))];
}

function redFlow(flow: DeskFlow): RedFile {
  return readRed(flow.name, flow.prefix).map((node) => {
    if (node.type === 'inject' && flow.clicks !== undefined && node['name'] !== 'Re-arm') return { ...redSchedule(), id: node.id, name: node['name'], wires: node.wires, x: node['x'], y: node['y'], strategyId: 'by-hand', ...scheduled(flow.clicks) };
    if (node.type === 'bellwether-market-trigger' && flow.symbols !== undefined) return { ...node, symbols: flow.symbols };
    return node.type === 'bellwether-order-event-trigger' && flow.hears !== undefined ? { ...node, ofAccount: flow.hears } : node;
  });
}

/** The same on one canvas of n8n, where names are one to a canvas. `credentialOf` gives the account's credential of a desk. */
export function n8nCanvas(desks: readonly Desk[], credentialOf?: (desk: Desk) => object): N8nFile {
  const flows = desks.flatMap((desk) => desk.flows.map((flow) => ({ desk, file: n8nFlow(flow), named: (name: string) => `${desk.account} ${flow.name}: ${name}` })));
  const nodes = flows.flatMap(({ desk, file, named }) => file.nodes.map((node) => ({
    ...node, id: idOn(desk, node.id), name: named(node.name),
    ...(credentialOf !== undefined && WITH_ACCOUNT.test(node.type) ? { credentials: { bellwetherAccountApi: credentialOf(desk) } } : {}),
  })));
  const connections = flows.flatMap(({ file, named }) => Object.entries(file.connections).map(([from, { main }]) => [named(from), { main: main.map((port) => port.map((link) => ({ ...link, node: named(link.node) }))) }] as const));
  return { name: 'Every flow', nodes, connections: Object.fromEntries(connections), settings: { executionOrder: 'v1' } };
}

function n8nFlow(flow: DeskFlow): N8nFile {
  const file = readN8n(flow.name, flow.prefix);
  const nodes = file.nodes.map((node) => {
    if (node.type.endsWith('.manualTrigger') && flow.clicks !== undefined) return { ...node, type: '@bellwether/n8n-nodes-trading.cronMarketHours', parameters: { ...scheduled(flow.clicks), options: { strategyId: 'by-hand' } } };
    if (node.type.endsWith('.marketTrigger') && flow.symbols !== undefined) return { ...node, parameters: { ...node.parameters, symbols: flow.symbols } };
    if (node.type.endsWith('.orderEventTrigger') && flow.hears !== undefined) return { ...node, parameters: { ...node.parameters, options: { ...node.parameters.options, ofAccount: flow.hears } } };
    return node;
  });
  return { ...file, nodes };
}

/** The click as a planned time. What drives exits may still act when entries are over. */
function scheduled({ nodeKey, times }: NonNullable<DeskFlow['clicks']>): { readonly fires: 'times'; readonly times: string; readonly drives: 'exits'; readonly nodeKey: string } {
  return { fires: 'times', times, drives: 'exits', nodeKey };
}

function redSchedule(): RedFile[number] {
  const found = readRed(SCHEDULE.flow).find((node) => node['name'] === SCHEDULE.name);
  if (found === undefined) throw new Error(`${SCHEDULE.flow} has no ${SCHEDULE.name}.`);
  return found;
}

function readRed(name: string, prefix?: string): RedFile {
  return RedFile.parse(JSON.parse(prefixed(readFileSync(path.join(FLOWS, 'node-red', `${name}.json`), 'utf8'), prefix)));
}

function readN8n(name: string, prefix?: string): N8nFile {
  return N8nFile.parse(JSON.parse(prefixed(readFileSync(path.join(FLOWS, 'n8n', `${name}.json`), 'utf8'), prefix)));
}

/** Strategy and node keys alike. */
function prefixed(text: string, prefix = ''): string {
  return text.replaceAll(/"(strategyId|nodeKey)": ?"/g, (found) => `${found}${prefix}`);
}

function idOn({ account }: Desk, id: string): string {
  return `${account}-${id}`;
}
