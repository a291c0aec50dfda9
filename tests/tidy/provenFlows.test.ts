import path from 'node:path';
import { z } from 'zod';
import { filesUnder, textOf } from './tree';

const PAGE = 'docs/guide/same-flow.md';

/** Where a flow that we ship is run, and the tests that run it there. */
const LANES: readonly { readonly title: string; readonly tests: (file: string) => boolean }[] = [
  { title: 'this process', tests: (file) => file.startsWith('tests/flows/') && !/\/(lane|carry|check)/.test(file) },
  { title: 'lane A', tests: (file) => file.startsWith('tests/flows/lane') },
  { title: 'lane B', tests: (file) => file.startsWith('tests/hosts/') && /headless|laneB/i.test(file) },
  { title: 'real n8n', tests: (file) => /^tests\/hosts\/(n8n\/|browser\/n8n|threeHosts|market)/.test(file) },
  { title: 'real Node-RED', tests: (file) => /^tests\/hosts\/(nodeRed\/|browser\/nodeRed|threeHosts|market)/.test(file) && !file.includes('headless') },
];

const Workflow = z.looseObject({ nodes: z.array(z.looseObject({ type: z.string(), name: z.string(), parameters: z.looseObject({ nodeKey: z.string().optional() }) })) });

/** How tests name a flow: by its file, by the key of one of its nodes, or by the start that they press. */
function namesOf(flow: string): readonly string[] {
  const { nodes } = Workflow.parse(JSON.parse(textOf(`flows/n8n/${flow}.json`)));
  const keys = nodes.flatMap(({ parameters: { nodeKey } }) => nodeKey ?? []);
  const starts = nodes.filter(({ type }) => type === 'n8n-nodes-base.manualTrigger').map(({ name }) => name);
  return [flow, ...keys, ...starts].map((name) => `'${name}'`);
}

const tests = filesUnder('tests').filter((file) => file.endsWith('.ts')).map((file) => ({ file, text: textOf(file) }));
const flows = filesUnder('flows/n8n').map((file) => path.basename(file, '.json'));

function provenIn(flow: string): readonly boolean[] {
  const names = namesOf(flow);
  return LANES.map((lane) => tests.some(({ file, text }) => lane.tests(file) && names.some((name) => text.includes(name))));
}

/** The page's table: which lanes it claims, by flow. */
function claimed(): ReadonlyMap<string, readonly boolean[]> {
  const rows = textOf(PAGE).split('\n').filter((line) => line.startsWith('| ')).map((line) => line.slice(2, -2).split(' | '));
  return new Map(rows.map(([flow = '', ...cells]) => [flow, cells.map((cell) => cell.trim() === 'yes')]));
}

test('the page has the lanes as columns', () => {
  expect(textOf(PAGE)).toContain(`| flow | ${LANES.map(({ title }) => title).join(' | ')} |`);
});

test.each(flows)('%s is in the table, with no lane in which no test runs it', (flow) => {
  const claims = claimed().get(flow);
  expect(claims).toHaveLength(LANES.length);
  const proven = provenIn(flow);
  expect(LANES.filter((_lane, index) => claims?.[index] === true && proven[index] !== true).map(({ title }) => title)).toEqual([]);
});
