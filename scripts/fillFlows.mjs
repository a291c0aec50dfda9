/**
 * `node scripts/setup.mjs scripts/fillFlows.mjs`: gives the nodes of flows/node-red the fields that their forms have gained, with the value of an untouched field, and takes those away that no form has any more:
 * Node-RED saves every field of a form, and so do the flows that we ship. Values that are there stay as they are. With `--check` nothing is written, and the exit code is 1 where something would be.
 * Workflows of n8n hold only what differs from a form's defaults: they need none of this.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './typescript.mjs';

loadTypeScript();
const require = createRequire(import.meta.url);
const { nodeForm } = require('../runtime/hosts/nodeRed/form.ts');
const { propertyDefaults } = require('../runtime/hosts/nodeRed/defaults.ts');
const { nodeRedType } = require('../runtime/hosts/nodeRed/nodeType.ts');
const definitions = require('../nodes/index.ts');

const folder = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'flows/node-red');
const isCheck = process.argv.includes('--check');
/** What Node-RED itself saves with a node; its place comes last, as the editor writes it. */
const OWN = ['id', 'type', 'z', 'd', 'g'];
const PLACE = ['x', 'y', 'wires'];

const fields = new Map(Object.values(definitions).map((definition) => {
  const defaults = propertyDefaults(nodeForm(definition));
  return [nodeRedType(definition.type), Object.entries(defaults).map(([name, { value }]) => [name, value])];
}));

let changed = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
  const before = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const after = before.map((node) => filled(node, file));
  if (after.every((node, index) => node === before[index])) continue;
  changed += 1;
  if (!isCheck) writeFileSync(path.join(folder, file), `${JSON.stringify(after, null, 4)}\n`);
}
console.log(changed === 0 ? 'Every node has the fields of its form.' : `${changed} flows ${isCheck ? 'would be' : 'were'} changed.`);
if (isCheck && changed > 0) process.exitCode = 1;

/** The node with the fields of its form, in the order in which it has them; new ones stand before its place. */
function filled(node, file) {
  const form = fields.get(node.type);
  if (form === undefined) return node;
  const names = new Set(form.map(([name]) => name));
  const missing = form.filter(([name]) => !Object.hasOwn(node, name));
  const gone = Object.keys(node).filter((name) => !names.has(name) && !OWN.includes(name) && !PLACE.includes(name));
  if (missing.length === 0 && gone.length === 0) return node;
  const title = `${file}: ${node.name || node.type}`;
  if (missing.length > 0) console.log(`${title}: + ${missing.map(([name]) => name).join(', ')}`);
  if (gone.length > 0) console.log(`${title}: - ${gone.join(', ')}`);
  const kept = Object.entries(node).filter(([name]) => !gone.includes(name));
  return Object.fromEntries([...kept.filter(([name]) => !PLACE.includes(name)), ...missing, ...kept.filter(([name]) => PLACE.includes(name))]);
}
