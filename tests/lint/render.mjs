/**
 * n8n's rules read literal node classes; ours follow from definitions when they are loaded. So what n8n would see is written out as
 * literal TypeScript, one class a node and a credential, and that is what the rules judge. Run: node render.mjs <package> <out>.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [root, out] = process.argv.slice(2).map((folder) => path.resolve(folder));
const require = createRequire(path.join(root, 'package.json'));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

const TYPES = { properties: ': INodeProperties[]', icon: ': Icon', test: ': ICredentialTestRequest' };

mkdirSync(out, { recursive: true });
copyFileSync(path.join(root, 'package.json'), path.join(out, 'package.json'));
for (const file of manifest.n8n.nodes) writeNode(file);
for (const file of manifest.n8n.credentials) writeCredential(file);

function writeNode(file) {
  const { name, value: node } = instance(file);
  const methods = ['execute', 'webhook', 'trigger'].filter((method) => typeof node[method] === 'function');
  const body = [`  description: INodeTypeDescription = ${literal(node.description)};`, ...webhookMethods(node), ...methods.map(shell)];
  write(file, `import { NodeConnectionTypes, type IDataObject, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription } from 'n8n-workflow';

export class ${name} implements INodeType {
${body.join('\n')}
}
`, [node.description.icon]);
}

function writeCredential(file) {
  const { name, value } = instance(file);
  const fields = Object.entries(value).filter(([, field]) => typeof field !== 'function').map(([field, content]) => `  ${field}${TYPES[field] ?? ''} = ${literal(content)};`);
  write(file, `import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ${name} implements ICredentialType {
${fields.join('\n')}
}
`, [value.icon]);
}

function instance(file) {
  const name = path.basename(file).split('.')[0];
  return { name, value: new (require(path.join(root, file))[name])() };
}

/** Connections by name, as a person would write them; everything else is plain data. */
function literal(value) {
  return JSON.stringify(value, null, 2).replace(/"(inputs|outputs)": \[([^\]]*)\]/g, (_, key, list) => `"${key}": [${list.replaceAll('"main"', 'NodeConnectionTypes.Main')}]`)
    .replace(/"([A-Za-z_]\w*)":/g, '$1:').replace(/"((?:[^"\\]|\\.)*)"/g, (_, text) => `'${text.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`);
}

function webhookMethods(node) {
  if (node.webhookMethods === undefined) return [];
  const groups = Object.entries(node.webhookMethods).map(([group, methods]) => `    ${group}: {\n${Object.keys(methods).map((method) => `      async ${method}(): Promise<boolean> { return true; },`).join('\n')}\n    },`);
  return [`  webhookMethods = {\n${groups.join('\n')}\n  };`];
}

/** The shared code behind a method is judged by our own lint and by the tests in a real n8n. */
function shell(method) {
  return `  async ${method}() { return shared.${method}(this); }`;
}

function write(file, text, icons) {
  const target = path.join(out, file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  for (const icon of icons.flatMap((given) => (typeof given === 'string' ? [given] : Object.values(given ?? {})))) {
    const relative = icon.replace(/^file:/, '');
    const from = path.join(root, path.dirname(file), relative);
    const to = path.join(path.dirname(target), relative);
    mkdirSync(path.dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
}
