/**
 * Makes the package: one runtime bundle with every dependency inside, thin shells around it for both hosts, and what editors show.
 * Fails on anything missing and on a manifest that does not match what was built.
 */
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from './scripts/build/notices.mjs';
import { moduleName, runtimeEntry, sharedModules } from './scripts/build/sharedModules.mjs';
import { writeStamp } from './scripts/build/stamp.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
/** Built aside and moved into place when complete: a host that is running on dist/ never sees half of it. */
const staging = `.cache/dist-${process.pid}`;
const dist = path.join(root, staging);
const problems = [];

/** The bundle always holds these; whatever else a shell imports is added as it is met. */
const DOORS = ['runtime/index.ts', 'nodes/index.ts', 'runtime/hosts/nodeRed/index.ts', 'runtime/hosts/nodeRed/html.ts', 'runtime/hosts/replay/index.ts',
  'runtime/hosts/controls.ts', 'runtime/hosts/parameters.ts', 'runtime/hosts/run.ts', 'runtime/hosts/identity.ts'];

const common = {
  absWorkingDir: root, bundle: true, platform: 'node', format: 'cjs', target: 'node22', charset: 'utf8', sourcemap: false, metafile: true, logLevel: 'warning', legalComments: 'none',
  // Native accelerators of ws are never there: leave the attempts out.
  define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' }, minifySyntax: true,
};

const shared = new Set(DOORS.filter((file) => present(file)));
const metafiles = [];
const folders = listFolders('nodes');

process.on('exit', () => rmSync(dist, { recursive: true, force: true }));
try {
  await buildShells();
  await buildRuntime();
} catch (error) {
  if (!Array.isArray(error.errors)) throw error;
  process.exit(1); // esbuild has printed where.
}
const runtime = createRequire(import.meta.url)(path.join(dist, 'runtime/index.js'));
for (const folder of folders) copyEditorParts(folder);
for (const icon of listFiles('credentials').filter((file) => file.endsWith('.svg'))) copyInto(path.join(dist, 'credentials'), icon, path.basename(icon));
copyCharts();
writeFileSync(path.join(dist, 'THIRD_PARTY_NOTICES.txt'), notices(root, metafiles, ['node_modules/lightweight-charts']));
checkManifests();

if (problems.length > 0) {
  console.error(problems.map((problem) => `build: ${problem}`).join('\n'));
  process.exit(1);
}
moveIntoPlace();
copyExamples();
writeStamp(root);
console.log(`Built ${folders.length} node folders, ${shared.size} shared modules.`);

// ---------------------------------------------------------------- code

async function buildShells() {
  const nodes = folders.flatMap(({ dir, name, base }) => [`${dir}/${name}.node.ts`, `${dir}/${base}.ts`].filter((file) => existsSync(path.join(root, file))));
  const credentials = listFiles('credentials').filter((file) => file.endsWith('.credentials.ts'));
  await bundle(nodes, { outbase: 'nodes', outdir: `${staging}/nodes` }, '../../runtime');
  await bundle(credentials, { outdir: `${staging}/credentials`, entryNames: '[name]' }, '../runtime');
  if (present('runtime/hosts/n8n/index.ts')) await bundle(['runtime/hosts/n8n/index.ts'], { outfile: `${staging}/runtime/n8n.js` }, '.', true);
  const programs = ['cli/bellwether.ts', 'cli/backtestWorker.ts', 'cli/nodeRedWorker.ts'].filter((file) => present(file));
  await bundle(programs, { outdir: `${staging}/cli`, entryNames: '[name]', banner: { js: '#!/usr/bin/env node' } }, '../runtime');
  // npm does so where it installs the package; here `npx bellwether` runs what was built.
  if (existsSync(path.join(dist, 'cli/bellwether.js'))) chmodSync(path.join(dist, 'cli/bellwether.js'), 0o755);
}

/** `toRuntime` leads from the output's folder to dist/runtime. */
async function bundle(entryPoints, out, toRuntime, isN8nDoor = false) {
  if (entryPoints.length === 0) return;
  const plugins = [sharedModules({ root, toRuntime, isN8nDoor, onUse: (file) => shared.add(file) })];
  const result = await build({ ...common, entryPoints, ...out, external: ['n8n-workflow'], plugins });
  metafiles.push(result.metafile);
}

async function buildRuntime() {
  const stdin = { contents: runtimeEntry([...shared].sort()), resolveDir: root, sourcefile: 'bundle.ts', loader: 'ts' };
  const result = await build({ ...common, stdin, outfile: `${staging}/runtime/index.js` });
  metafiles.push(result.metafile);
}

// ---------------------------------------------------------------- what editors show

function copyEditorParts({ dir, base }) {
  const out = path.join(dist, dir);
  const files = readdirSync(path.join(root, dir));
  for (const file of files) {
    if (file.endsWith('.node-red.svg')) copyInto(`${out}/icons`, `${dir}/${file}`, file.replace('.node-red.svg', '.svg'));
    else if (file.endsWith('.svg') || file.endsWith('.node.json')) copyInto(out, `${dir}/${file}`, file);
    else if (file === 'locales') cpSync(path.join(root, dir, file), path.join(out, file), { recursive: true });
  }
  const html = editorHtml({ dir, base });
  if (html === undefined) problems.push(`${dir}: no Node-RED editor part.`);
  else writeFileSync(path.join(out, `${base}.html`), html);
}

function copyInto(folder, source, name) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(path.join(root, source), path.join(folder, name));
}

/** The editor's half of a Node-RED node follows from its definition. */
function editorHtml({ dir, base }) {
  const help = present(`${dir}/help.md`) ? readFileSync(path.join(root, dir, 'help.md'), 'utf8') : '';
  const { nodeRedHtml } = runtime.modules['runtime/hosts/nodeRed/html'] ?? {};
  const definition = Object.values(runtime.modules[moduleName(`${dir}/definition.ts`)] ?? {}).find((value) => value?.type === base);
  return nodeRedHtml === undefined || definition === undefined ? undefined : nodeRedHtml(definition, { help, icon: `${base}.svg` });
}

/** Reports carry the chart library as text: it stands beside the bundle and is read when the first report is made. */
function copyCharts() {
  const library = 'node_modules/lightweight-charts';
  copyInto(path.join(dist, 'runtime'), `${library}/dist/lightweight-charts.standalone.production.js`, 'lightweight-charts.js');
  copyInto(path.join(dist, 'runtime'), `${library}/LICENSE`, 'lightweight-charts.LICENSE');
}

/** Node-RED's Import menu reads examples/ at the package's root, a folder a sub-menu. */
function copyExamples() {
  rmSync(path.join(root, 'examples'), { recursive: true, force: true });
  if (present('flows/node-red')) cpSync(path.join(root, 'flows/node-red'), path.join(root, 'examples'), { recursive: true });
}

function moveIntoPlace() {
  const [current, old] = [path.join(root, 'dist'), `${dist}-old`];
  if (existsSync(current)) renameSync(current, old);
  renameSync(dist, current);
  rmSync(old, { recursive: true, force: true });
}

// ---------------------------------------------------------------- completeness

function checkManifests() {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const listed = [...(manifest.n8n?.nodes ?? []), ...(manifest.n8n?.credentials ?? []), ...Object.values(manifest['node-red']?.nodes ?? {})];
  const built = [...folders.map(({ dir }) => dir), 'credentials'].flatMap((dir) => listFiles(`${staging}/${dir}`)).filter((file) => file.endsWith('.js')).map((file) => file.replace(staging, 'dist'));
  for (const file of listed.filter((file) => !built.includes(file))) problems.push(`package.json lists ${file}, which was not built.`);
  for (const file of built.filter((file) => !listed.includes(file))) problems.push(`${file} was built but package.json does not list it.`);
}

/** Folders of nodes/ with their names: PlaceOrder holds placeOrder. */
function listFolders(parent) {
  const entries = present(parent) ? readdirSync(path.join(root, parent), { withFileTypes: true }) : [];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => ({ dir: `${parent}/${name}`, name, base: name[0].toLowerCase() + name.slice(1) }));
}

function listFiles(dir) {
  if (!existsSync(path.join(root, dir))) return [];
  return readdirSync(path.join(root, dir), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

function present(file) {
  if (existsSync(path.join(root, file))) return true;
  const note = `${file} is missing.`;
  if (!problems.includes(note)) problems.push(note);
  return false;
}
