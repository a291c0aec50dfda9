/** Items of every kind that conditions and fields may meet. */
export const ITEMS: readonly Readonly<Record<string, unknown>>[] = [
  { symbol: 'SBIN', price: 820.5, quantity: 10, side: 'BUY', flag: true, text: 'Hello', list: [1, 2, 3], nested: { a: { b: 5 } }, none: null, 'with space': 1 },
  { symbol: 'infy', price: 1_500, quantity: 0, side: 'sell', flag: false, text: '', list: [], nested: {}, none: null },
  { symbol: 'TCS', price: '3500', quantity: '7', side: 'BUY', flag: 'true', text: '5', list: ['a', 'B'], nested: { a: { b: -1 } }, none: null },
];

interface Node { readonly name: string; readonly type: string; readonly typeVersion: number; readonly parameters: object; readonly from?: readonly (readonly [string, number])[] }
interface Options { readonly loose?: boolean; readonly ignoreCase?: boolean; readonly version?: number }

const conditions = (list: readonly (readonly [string, string, unknown, unknown?])[], { loose = false, ignoreCase = false, version = 2 }: Options = {}, combinator = 'and'): object => ({
  combinator, options: { caseSensitive: !ignoreCase, leftValue: '', typeValidation: loose ? 'loose' : 'strict', version },
  conditions: list.map(([type, operation, leftValue, rightValue = ''], index) => ({
    id: `c${index}`, leftValue, rightValue,
    operator: { type, operation, ...(SINGLE.has(operation) ? { singleValue: true } : {}), ...(type === 'array' && operation.startsWith('length') ? { rightType: 'number' } : {}), ...(type === 'array' && operation.endsWith('ontains') ? { rightType: 'any' } : {}) },
  })),
});
const SINGLE = new Set(['exists', 'notExists', 'empty', 'notEmpty', 'true', 'false']);

const ifs: readonly (readonly [string, object])[] = [
  ...(['equals', 'notEquals', 'contains', 'notContains', 'startsWith', 'notStartsWith', 'endsWith', 'notEndsWith'] as const).flatMap((operation) => [
    [`string ${operation}`, conditions([['string', operation, '={{ $json.side }}', 'BUY']])] as const,
    [`string ${operation} whatever its case`, conditions([['string', operation, '={{ $json.symbol }}', 'INFY']], { ignoreCase: true })] as const,
  ]),
  ['string regex', conditions([['string', 'regex', '={{ $json.symbol }}', '/^[a-z]+$/']])],
  ['string notRegex', conditions([['string', 'notRegex', '={{ $json.symbol }}', '^S']])],
  ['string empty', conditions([['string', 'empty', '={{ $json.text }}']])],
  ['string of a number, loose', conditions([['string', 'startsWith', '={{ $json.price }}', '8']], { loose: true })],
  ...(['equals', 'notEquals', 'gt', 'lt', 'gte', 'lte'] as const).map((operation) => [`number ${operation}, loose`, conditions([['number', operation, '={{ $json.price }}', 1_500]], { loose: true })] as const),
  ['number of nothing', conditions([['number', 'gt', '={{ $json.missing }}', 0]])],
  ['number that is missing, less', conditions([['number', 'lt', '={{ $json.none }}', 1]])],
  ['number of an empty text, version 3', conditions([['number', 'equals', '={{ $json.text === "Hello" ? 0 : "" }}', 0]], { loose: true, version: 3 })],
  ['number of an empty text, version 1', conditions([['number', 'equals', '={{ $json.text === "Hello" ? 0 : "" }}', 0]], { loose: true, version: 1 })],
  ['number exists', conditions([['number', 'exists', '={{ $json.nested.a.b }}']])],
  ['boolean true, loose', conditions([['boolean', 'true', '={{ $json.flag }}']], { loose: true })],
  ['boolean false, loose, version 1', conditions([['boolean', 'false', '={{ $json.quantity }}']], { loose: true, version: 1 })],
  ['array contains', conditions([['array', 'contains', '={{ $json.list }}', 'b']], { ignoreCase: true })],
  ['array contains a number', conditions([['array', 'contains', '={{ $json.list }}', '={{ 2 }}']])],
  ['array lengthGt', conditions([['array', 'lengthGt', '={{ $json.list }}', 2]])],
  ['array empty', conditions([['array', 'empty', '={{ $json.list }}']])],
  ['object empty', conditions([['object', 'empty', '={{ $json.nested }}']])],
  ['two, and', conditions([['string', 'equals', '={{ $json.side }}', 'BUY'], ['number', 'gt', '={{ $json.price }}', 1_000]], { loose: true })],
  ['two, or', conditions([['string', 'equals', '={{ $json.side }}', 'sell'], ['number', 'gt', '={{ $json.price }}', 1_000]], { loose: true }, 'or')],
  ['none at all', conditions([])],
];

/** Each becomes a text field of one Edit Fields node. */
const EXPRESSIONS: readonly string[] = [
  '={{ $json.price }}', '={{ $json.missing }}', '={{ $json.none }}', '={{ $json.nested.a.b }}', '={{ $json.nested?.a?.b }}', '={{ $json["with space"] }}', '={{ $json.list[0] }}', '={{ $json.list.length }}',
  '={{ $json.quantity + 1 }}', '={{ $json.quantity - 1 }}', '={{ $json.quantity * 2.5 }}', '={{ $json.price / 3 }}', '={{ $json.price % 7 }}', '={{ 2 ** 3 ** 2 }}', '={{ -$json.quantity }}', '={{ +$json.price }}',
  '={{ $json.price > 1000 && $json.side === "BUY" }}', '={{ $json.text || "none" }}', '={{ $json.none ?? "nothing" }}', '={{ !$json.flag }}', '={{ $json.quantity == 7 }}', '={{ $json.quantity === 7 }}', '={{ $json.none == undefined }}',
  '={{ $json.quantity > 5 ? "big" : $json.quantity > 0 ? "small" : "zero" }}', '=Buy {{ $json.symbol }} at {{ $json.price }}', '=Missing {{ $json.missing }} and {{ $json.quantity }} and {{ $json.flag }}', '={{ $json.symbol }} ', '=plain', 'not an expression {{ $json.symbol }}',
  '={{ $json.symbol.toUpperCase() }}', '={{ $json.text.length }}', '={{ $json.symbol.slice(0, 2) + "-" + $json.symbol.slice(-1) }}', '={{ $json.price.toFixed(1) }}', '={{ $json.missing.toUpperCase() }}', '={{ "a\\"b\\n" + \'c\' }}', '={{ $json.list.includes(2) }}',
  '={{ Math.round(12.5) + Math.max(1, 3, 2) + Math.min(4, 2) }}', '={{ Number("12") + parseInt("12px") + parseFloat("1.5x") }}', '={{ String(12) + 1 }}', '={{ $(\'Start\').item.json.symbol }}', '={{ $input.item.json.symbol }}', '={{ (1 + 2) * 3 }}', '={{ "5" * "2" }}', '={{ "b" > "a" }}', '={{ null + 1 }}',
];

const field = (name: string, type: string, value: unknown): object => ({ id: name, name, type, value });
const edit = (assignments: readonly object[], more: object = {}): object => ({ assignments: { assignments }, options: {}, ...more });
const rule = (list: Parameters<typeof conditions>[0], more: object = {}): object => ({ conditions: conditions(list, { loose: true }), ...more });

/** What is set up in every way that is translated; all of it hangs from "Start" unless `from` says else. */
export const CASES: readonly Node[] = [
  ...ifs.map(([name, parameters]) => ({ name: `If ${name}`, type: 'if', typeVersion: 2.2, parameters: { conditions: parameters, options: {} } })),
  { name: 'Filter', type: 'filter', typeVersion: 2.2, parameters: { conditions: conditions([['string', 'equals', '={{ $json.side }}', 'BUY']]), options: {} } },
  { name: 'Switch first', type: 'switch', typeVersion: 3.2, parameters: { rules: { values: [rule([['number', 'gt', '={{ $json.quantity }}', 5]]), rule([['string', 'equals', '={{ $json.side }}', 'BUY']])] }, options: {} } },
  { name: 'Switch all', type: 'switch', typeVersion: 3.2, parameters: { rules: { values: [rule([['number', 'gt', '={{ $json.quantity }}', 5]]), rule([['string', 'equals', '={{ $json.symbol }}', 'SBIN']])] }, options: { allMatchingOutputs: true } } },
  { name: 'Switch extra', type: 'switch', typeVersion: 3.2, parameters: { rules: { values: [rule([['string', 'equals', '={{ $json.symbol }}', 'SBIN']], { renameOutput: true, outputKey: 'State Bank' })] }, options: { fallbackOutput: 'extra' } } },
  { name: 'Switch to a rule', type: 'switch', typeVersion: 3.2, parameters: { rules: { values: [rule([['string', 'equals', '={{ $json.symbol }}', 'SBIN']]), rule([['string', 'equals', '={{ $json.symbol }}', 'none']])] }, options: { fallbackOutput: 1 } } },
  { name: 'Expressions', type: 'set', typeVersion: 3.4, parameters: edit(EXPRESSIONS.map((value, index) => field(`e${index}`, 'string', value))) },
  { name: 'Types', type: 'set', typeVersion: 3.4, parameters: edit([field('n', 'number', '={{ $json.price }}'), field('n2', 'number', '12'), field('b', 'boolean', '={{ $json.flag }}'), field('b2', 'boolean', true), field('a', 'array', '={{ $json.list }}'), field('a2', 'array', '[1,2]'), field('o', 'object', '={{ $json.nested }}'), field('o2', 'object', '{"a": 1}'), field('s', 'string', '={{ $json.nested }}')]) },
  { name: 'Paths', type: 'set', typeVersion: 3.4, parameters: edit([field('nested.a.c', 'number', 1), field('list[1]', 'string', 'x'), field('new.list[2].z', 'number', 2)], { includeOtherFields: true }) },
  { name: 'No dots', type: 'set', typeVersion: 3.4, parameters: { ...edit([field('a.b', 'number', 1)], { includeOtherFields: true }), options: { dotNotation: false } } },
  { name: 'Selected', type: 'set', typeVersion: 3.4, parameters: edit([field('x', 'number', 1)], { includeOtherFields: true, include: 'selected', includeFields: 'symbol, nested.a' }) },
  { name: 'All but', type: 'set', typeVersion: 3.4, parameters: edit([field('x', 'number', 1)], { includeOtherFields: true, include: 'except', excludeFields: 'symbol, nested.a, list' }) },
  { name: 'Whatever comes', type: 'set', typeVersion: 3.4, parameters: { ...edit([field('n', 'number', '={{ $json.symbol }}')]), options: { ignoreConversionErrors: true } } },
  { name: 'Nothing', type: 'noOp', typeVersion: 1, parameters: {} },
  { name: 'Append', type: 'merge', typeVersion: 3.2, parameters: {}, from: [['Filter', 0], ['Nothing', 0]] },
  { name: 'By position', type: 'merge', typeVersion: 3.2, parameters: { mode: 'combine', combineBy: 'combineByPosition', options: {} }, from: [['Filter', 0], ['Types', 0]] },
  { name: 'By position, all', type: 'merge', typeVersion: 3.2, parameters: { mode: 'combine', combineBy: 'combineByPosition', options: { includeUnpaired: true } }, from: [['Paths', 0], ['Filter', 0]] },
  { name: 'Second branch', type: 'merge', typeVersion: 3.2, parameters: { mode: 'chooseBranch', useDataOfInput: 2 }, from: [['Nothing', 0], ['Filter', 0]] },
  { name: 'One branch only', type: 'merge', typeVersion: 3.2, parameters: {}, from: [['Filter', 0], ['Nobody', 0]] },
  { name: 'Nobody', type: 'if', typeVersion: 2.2, parameters: { conditions: conditions([['string', 'equals', '={{ $json.side }}', 'nobody']]), options: {} } },
  { name: 'Through a Merge', type: 'set', typeVersion: 3.4, parameters: edit([field('first', 'string', '={{ $(\'Start\').item.json.symbol }}')]), from: [['Append', 0]] },
];

/** The cases as one workflow. */
export function casesWorkflow(): { readonly nodes: readonly object[]; readonly connections: Readonly<Record<string, { readonly main: readonly (readonly object[])[] }>> } {
  const wires = CASES.flatMap(({ name, from = [['Start', 0]] }) => from.map(([source, output], index) => ({ source, output, node: name, index })));
  const connections = Object.fromEntries([...Map.groupBy(wires, ({ source }) => source)].map(([source, own]) => [source, { main: [own.map(({ node, index }) => ({ node, type: 'main', index }))] }]));
  const nodes = CASES.map(({ name, type, typeVersion, parameters }, index) => ({ id: `case-${index}`, name, type: `n8n-nodes-base.${type}`, typeVersion, position: [300, index * 100], parameters }));
  return { nodes: [{ id: 'start', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} }, ...nodes], connections };
}
