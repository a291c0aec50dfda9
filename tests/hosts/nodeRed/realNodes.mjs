/**
 * Real nodes of Node-RED without an editor: reads `{ nodes, messages }` from standard input, gives every node every message, one after the other,
 * and prints by node what left by which output. A program of its own: Node-RED takes a whole process.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

const { nodes, messages } = JSON.parse(readFileSync(0, 'utf8'));
const folder = mkdtempSync(path.join(os.tmpdir(), 'bellwether-real-nodes-'));
mkdirSync(path.join(folder, 'sinks'));
writeFileSync(path.join(folder, 'sinks/sink.js'), 'module.exports = (RED) => RED.nodes.registerType("sink", function (config) { RED.nodes.createNode(this, config); this.on("input", (message) => globalThis.took(config.of, config.output, message)); });');
writeFileSync(path.join(folder, 'sinks/sink.html'), '<script type="text/html" data-template-name="sink"></script>');

const OUTPUTS = 5;
const flows = [{ id: 'tab', type: 'tab', label: 'Cases' }];
for (const node of nodes) {
  const sinks = Array.from({ length: OUTPUTS }, (_none, output) => ({ id: `${node.id}-${output}`, type: 'sink', z: 'tab', of: node.id, output, wires: [] }));
  flows.push({ ...node, z: 'tab', wires: sinks.map(({ id }) => [id]) }, ...sinks);
}
writeFileSync(path.join(folder, 'flows.json'), JSON.stringify(flows));

let taken = [];
globalThis.took = (of, output, { _msgid, ...message }) => { taken.push({ of, output, message: JSON.parse(JSON.stringify(message)) }); };

const RED = createRequire(path.join(process.cwd(), 'package.json'))('node-red');
RED.init({ userDir: folder, nodesDir: path.join(folder, 'sinks'), flowFile: 'flows.json', httpAdminRoot: false, httpNodeRoot: false, credentialSecret: false, telemetry: { enabled: false }, logging: { console: { level: 'off' } } });
const started = new Promise((resolve) => { RED.events.on('flows:started', resolve); });
await RED.start();
await started;

const results = {};
for (const { id } of nodes) {
  results[id] = [];
  for (const message of messages) {
    taken = [];
    RED.nodes.getNode(id).receive({ _msgid: 'm', ...structuredClone(message) });
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    results[id].push(Array.from({ length: OUTPUTS }, (_none, output) => taken.filter((each) => each.output === output).map(({ message: sent }) => sent)));
  }
}
process.stdout.write(JSON.stringify(results));
await RED.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
