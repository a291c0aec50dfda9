import { filesUnder, sources, textOf } from './tree';

/** Spelled in two halves, so that this file does not contain what it forbids. */
const word = (...parts: readonly string[]): string => parts.join('');

const code = (): readonly string[] => filesUnder().filter((file) => /\.(ts|mjs|cjs|js)$/.test(file));
const prose = (): readonly string[] => filesUnder().filter((file) => /\.(md|json|ya?ml|html|svg)$/.test(file) && !file.endsWith('package-lock.json'));

interface Ban {
  readonly name: string;
  readonly pattern: RegExp;
  readonly files: () => readonly string[];
}

/** The one place that may leave tests out: where the machine lacks what they need. It says so, and in CI it fails instead. */
const MAY_SKIP = 'tests/hosts/describeWhere.ts';

const everything = (): readonly string[] => [...code(), ...prose()];
const typescript = (): readonly string[] => ['runtime', 'nodes', 'credentials', 'cli', 'tests'].flatMap((folder) => sources(folder));

const BANS: readonly Ban[] = [
  { name: 'paths of one machine', pattern: new RegExp(word('/wo', 'rk/(main|shared)|/ro', 'ot/')), files: everything },
  { name: 'hosts of a package registry', pattern: new RegExp(word('registry\\.np', 'mjs|verda', 'ccio|arti', 'factory|np', 'mmirror')), files: everything },
  { name: 'the type that switches checking off', pattern: new RegExp(word('(:|<|\\bas|,) ?an', 'y *[;,)=|>\\]\\[{]')), files: typescript },
  { name: 'casts through unknown', pattern: new RegExp(word('as unkn', 'own as')), files: typescript },
  { name: 'switched-off checks', pattern: new RegExp(word('eslint-dis', 'able|@ts-(ign', 'ore|noch', 'eck|expect-err', 'or)')), files: code },
  { name: 'work put off', pattern: new RegExp(word('\\b(TO', 'DO|FIX', 'ME|HA', 'CK)\\b')), files: code },
  { name: 'focused or skipped tests', pattern: new RegExp(word('\\b(?:test|it|describe)\\.(on', 'ly|sk', 'ip)\\b|\\b[fx](it|test|describe)\\(|\\bx', 'describe')), files: () => typescript().filter((file) => file !== MAY_SKIP) },
  { name: 'empty catches', pattern: new RegExp(word('catch\\s*(\\([^)]*\\))?\\s*\\{', '\\s*\\}')), files: code },
];

test.each(BANS)('there are no $name', ({ pattern, files }) => {
  const found = files().flatMap((file) => textOf(file).split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])));
  expect(found).toEqual([]);
});

const DATA = /^(flows|tests\/golden)\/|\/data\/|\.golden\.|__snapshots__|package-lock\.json$/;

test('a file has at most 400 lines', () => {
  const long = everything().filter((file) => !DATA.test(file)).filter((file) => textOf(file).split('\n').length > 400);
  expect(long).toEqual([]);
});

test('no folder is called after nothing', () => {
  expect(filesUnder().filter((file) => /(^|\/)(utils?|helpers?|common|misc|lib)(\/|\.ts$)/.test(file))).toEqual([]);
});

test('files end with a line end and have no trailing blanks', () => {
  const untidy = everything().filter((file) => !DATA.test(file)).filter((file) => {
    const text = textOf(file);
    return !text.endsWith('\n') || text.includes('\r') || (!file.endsWith('.md') && / +$/m.test(text));
  });
  expect(untidy).toEqual([]);
});
