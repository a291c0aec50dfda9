import path from 'node:path';
import { z } from 'zod';
import { filesUnder, textOf } from './tree';

const PAGE = 'docs/guide/same-flow.md';

/** Where a flow that we ship is run, the tests that run it there, and those that compare what it decides. */
const LANES: readonly { readonly title: string; readonly runs: (file: string) => boolean; readonly compares: RegExp }[] = [
  { title: 'this process', runs: (file) => file.startsWith('tests/flows/') && !/\/(lane|carry|check)/.test(file), compares: /^tests\/(flows\/|hosts\/threeHosts)/ },
  { title: 'lane A', runs: (file) => file.startsWith('tests/flows/lane'), compares: /^tests\/hosts\/(desks|marketMonth)/ },
  { title: 'lane B', runs: (file) => file.startsWith('tests/hosts/') && /headless|laneB/i.test(file), compares: /^tests\/hosts\/(desks|marketMonth)/ },
  { title: 'real n8n', runs: (file) => /^tests\/hosts\/(n8n\/|browser\/n8n|threeHosts|market)/.test(file), compares: /^tests\/hosts\/(desks|marketMonth|threeHosts)/ },
  { title: 'real Node-RED', runs: (file) => /^tests\/hosts\/(nodeRed\/|browser\/(nodeRed|backtest)|threeHosts|market)/.test(file) && !file.includes('headless'), compares: /^tests\/hosts\/(desks|marketMonth|threeHosts)/ },
];
/** What a cell may claim. */
const CLAIMS = ['=', 'runs', ''] as const;

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

function isTestedBy(flow: string, wanted: (file: string) => boolean): boolean {
  const names = namesOf(flow);
  return tests.some(({ file, text }) => wanted(file) && names.some((name) => text.includes(name)));
}

/** The page's first table: what it claims of each lane, by flow. */
function claimed(): ReadonlyMap<string, readonly string[]> {
  const [first = ''] = textOf(PAGE).split('\n## ');
  const rows = first.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.slice(2, -2).split(' | '));
  return new Map(rows.map(([flow = '', ...cells]) => [flow, cells.map((cell) => cell.trim())]));
}

test('the page has the lanes as columns', () => {
  expect(textOf(PAGE)).toContain(`| flow | ${LANES.map(({ title }) => title).join(' | ')} |`);
});

test.each(flows)('%s is in the table, with no lane in which no test runs or compares it', (flow) => {
  const claims = claimed().get(flow);
  expect(claims).toHaveLength(LANES.length);
  expect(claims?.filter((claim) => !CLAIMS.some((known) => known === claim))).toEqual([]);
  const unproven = LANES.filter(({ runs, compares }, index) => {
    if (claims?.[index] === '=') return !isTestedBy(flow, (file) => compares.test(file));
    return claims?.[index] === 'runs' && !isTestedBy(flow, runs);
  });
  expect(unproven.map(({ title }) => title)).toEqual([]);
});
