import { importsOf, isTest, sources, textOf, type Import } from './tree';

/** Who may import whom, downwards only (DESIGN.md, section 2). Prefixes of paths from the root; packages by name. */
const LAYERS: readonly { readonly name: string; readonly folder: string; readonly ours: readonly string[]; readonly packages: readonly string[]; readonly types?: readonly string[] }[] = [
  { name: 'the domain is pure', folder: 'runtime/domain', ours: ['runtime/domain'], packages: ['zod', 'luxon', 'cron-parser', 'node:crypto'] },
  { name: 'services know ports only', folder: 'runtime/services', ours: ['runtime/domain', 'runtime/services'], packages: ['zod', 'node:crypto', 'node:buffer'], types: ['runtime/runtime', 'runtime/hosts/definition'] },
  { name: 'adapters know the domain', folder: 'runtime/adapters', ours: ['runtime/domain', 'runtime/adapters'], packages: ['zod', 'axios', 'kysely', 'pino', 'ws', 'luxon', 'protobufjs/light', 'node:*'] },
  { name: 'the n8n host knows n8n and no other host', folder: 'runtime/hosts/n8n', ours: ['runtime'], packages: ['zod', 'n8n-workflow', 'node:*'] },
  { name: 'the Node-RED host never meets n8n', folder: 'runtime/hosts/nodeRed', ours: ['runtime'], packages: ['zod', 'node:*'] },
  { name: 'replay reads both hosts\' files and runs neither', folder: 'runtime/hosts/replay', ours: ['runtime'], packages: ['zod', 'node:*'] },
  { name: 'nodes are definitions over the domain', folder: 'nodes', ours: ['nodes', 'runtime/domain', 'runtime/hosts'], packages: ['zod', 'luxon', 'n8n-workflow'] },
  { name: 'credentials describe, they do nothing', folder: 'credentials', ours: ['credentials', 'runtime/domain', 'runtime/hosts'], packages: ['zod', 'n8n-workflow'] },
  { name: 'the command uses the runtime, and the nodes where it walks flows', folder: 'cli', ours: ['cli', 'runtime', 'nodes'], packages: ['zod', 'node:*'] },
];

const allows = (list: readonly string[], target: string): boolean =>
  list.some((entry) => entry === target || target.startsWith(`${entry}/`) || (entry.endsWith('*') && target.startsWith(entry.slice(0, -1))));
const isOurs = (target: string): boolean => /^(runtime|nodes|credentials|cli|tests|scripts|flows)(\/|$)/.test(target);
const describeImport = ({ file, target }: Import): string => `${file} imports ${target}`;

test.each(LAYERS)('$name', ({ folder, ours, packages, types = [] }) => {
  const wrong = sources(folder).filter((file) => !isTest(file)).flatMap(importsOf)
    .filter(({ target, typeOnly }) => !(isOurs(target) ? allows(ours, target) : allows(packages, target)) && !(typeOnly && types.includes(target)));
  expect(wrong.map(describeImport)).toEqual([]);
});

test('the runtime imports nothing that stands above it', () => {
  const wrong = sources('runtime').filter((file) => !isTest(file)).flatMap(importsOf).filter(({ target }) => /^(nodes|credentials|cli|tests|scripts)\//.test(target));
  expect(wrong.map(describeImport)).toEqual([]);
});

test('the two editors\' hosts know neither each other nor replay', () => {
  const hosts = ['n8n', 'nodeRed', 'replay'];
  const wrong = ['n8n', 'nodeRed'].flatMap((host) => sources(`runtime/hosts/${host}`).filter((file) => !isTest(file)).flatMap(importsOf)
    .filter(({ target }) => hosts.some((other) => other !== host && target.startsWith(`runtime/hosts/${other}`))));
  expect(wrong.map(describeImport)).toEqual([]);
});

test('no broker knows another one: what they share lies beside them', () => {
  const shared = ['following', 'ordering', 'reading'];
  const partOf = (file: string): string | undefined => /^runtime\/adapters\/brokers\/(\w+)\//.exec(file)?.[1];
  const wrong = sources('runtime/adapters/brokers').flatMap(importsOf).filter(({ file, target }) => {
    const [own, other] = [partOf(file), partOf(target)];
    return other !== undefined && other !== own && !shared.includes(other);
  });
  expect(wrong.map(describeImport)).toEqual([]);
});

test('n8n-workflow is imported by the n8n host, its shells and credentials alone', () => {
  const wrong = ['runtime', 'nodes', 'credentials', 'cli'].flatMap((folder) => sources(folder)).flatMap(importsOf)
    .filter(({ target }) => target === 'n8n-workflow')
    .filter(({ file }) => !file.startsWith('runtime/hosts/n8n/') && !file.endsWith('.node.ts') && !file.endsWith('.credentials.ts'));
  expect(wrong.map(describeImport)).toEqual([]);
});

/** Time, chance and the outside world come through ports; these words would go round them. */
const IMPURE = /\b(?:Date\.now|new Date\(\s*\)|performance\.now|Math\.random|randomUUID|randomBytes|setTimeout|setInterval|setImmediate|queueMicrotask|process\.(?:env|hrtime|nextTick)|fetch\(\s*['"`])/;

test.each(['runtime/domain', 'runtime/services'])('%s uses no clock, timer, chance or environment of its own', (folder) => {
  const wrong = sources(folder).filter((file) => !isTest(file)).flatMap((file) => textOf(file).split('\n')
    .flatMap((line, index) => (IMPURE.test(withoutComment(line)) ? [`${file}:${index + 1}: ${line.trim()}`] : [])));
  expect(wrong).toEqual([]);
});

test('definitions use no clock, timer or chance of their own', () => {
  const wrong = sources('nodes').filter((file) => !isTest(file)).filter((file) => textOf(file).split('\n').some((line) => IMPURE.test(withoutComment(line))));
  expect(wrong).toEqual([]);
});

function withoutComment(line: string): string {
  return /^\s*(?:\/\/|\/?\*)/.test(line) ? '' : line;
}
