import { z } from 'zod';
import type { DocumentNode, FlowDocument } from '../replay';
import { disabledLines, endedLines, wiresOf } from './assemble';
import { CHANNEL_CREDENTIAL, credentialOf } from './credentials';
import { n8nId } from './ids';
import type { NewNode, NewWire } from './piece';
import { piecesOf, pointersOf } from './pieces';
import { placing } from './places';
import type { CarryLine, Conversion } from './report';
import { firstLine, keptNotes } from './writeRed';

type Entry = Readonly<Record<string, unknown>>;

const NOTE_SIZE = { width: 420, height: 240 };

/** A tab of Node-RED as a workflow of n8n, as its "Import from file" reads it. */
export function writeN8n(document: FlowDocument): Conversion {
  const accounts = new Map(document.configurations.flatMap((each) => Account.safeParse(each).data ?? []).map((each) => [each.id, each]));
  const pieces = piecesOf(document, 'n8n', ({ saved }) => accounts.get(String(saved['account']))?.broker);
  const place = placing(document, 'n8n');
  const names = new Names();
  const nodes = [...pieces.values()].flatMap(({ of, nodes: made }) => made.map((node): { readonly node: NewNode; readonly name: string; readonly entry: Entry } => {
    const name = names.unique(node.key === of.id ? titleOf(of) : node.name);
    const { x, y } = place(of.at, node.step);
    const { type, typeVersion, parameters, ...rest } = node.entry;
    return { node, name, entry: { id: n8nId(document.id, node.key), name, type, typeVersion, position: [x, y], parameters, ...rest, ...(node.key === of.id ? credentialsOf(of, accounts) : {}) } };
  }));
  const notes = [
    ...document.notes.map(({ id, title, text, at }) => note(document.id, id, names.unique('Note'), text.startsWith('#') || title === '' ? text : `## ${title}\n\n${text}`, place(at))),
    ...keptNotes(pieces).map(({ of, text }) => note(document.id, `kept ${of.id}`, names.unique('Not Carried'), `## Not carried: ${of.name}\n\n${text}`, place(of.at))),
  ];
  return {
    file: {
      id: n8nId(document.id).slice(0, 8) + n8nId(document.id).slice(9, 13), name: document.name, ...(document.info === '' ? {} : { description: document.info }), nodes: [...notes, ...nodes.map(({ entry }) => entry)],
      connections: connectionsOf(nodes, Map.groupBy(wiresOf(document, pieces), ({ key }) => key)), settings: { executionOrder: 'v1' }, pinData: {}, active: false,
    },
    report: [...[...pieces.values()].flatMap(({ report }) => report).map(firstLine), ...endedLines(document, pieces), ...disabledLines(document), ...chosen(document, accounts), ...left(document)],
  };
}

const Account = z.looseObject({ id: z.string(), type: z.literal('bellwether-account'), name: z.string().catch(''), accountId: z.string().catch(''), broker: z.string().catch('paper') });
type Account = z.infer<typeof Account>;

function note(flow: string, id: string, name: string, content: string, { x, y }: { readonly x: number; readonly y: number }): Entry {
  return { id: n8nId(flow, 'note', id), name, type: 'n8n-nodes-base.stickyNote', typeVersion: 1, position: [x, y - NOTE_SIZE.height - 40], parameters: { content, ...NOTE_SIZE } };
}

function connectionsOf(nodes: readonly { readonly node: NewNode; readonly name: string }[], wires: ReadonlyMap<string, readonly NewWire[]>): Entry {
  const names = new Map(nodes.map(({ node, name }) => [node.key, name]));
  return Object.fromEntries(nodes.flatMap(({ node: { key, outputs }, name }) => {
    const out = wires.get(key) ?? [];
    if (out.length === 0) return [];
    return [[name, { main: Array.from({ length: outputs }, (_none, output) => out.filter((wire) => wire.output === output).map(({ to }) => ({ node: names.get(to) ?? to, type: 'main', index: 0 }))) }]];
  }));
}

/** A node without a name is called what its palette calls it. */
function titleOf({ id, name, type, reading }: DocumentNode): string {
  if (name !== id) return name;
  return reading.kind === 'ours' ? reading.definition.title : type;
}

/** n8n wires by name: no two nodes have the same one. */
class Names {
  readonly #taken = new Set<string>();

  unique(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${wanted} ${number}`;
    this.#taken.add(name);
    return name;
  }
}

function credentialsOf(of: DocumentNode, accounts: ReadonlyMap<string, Account>): Entry {
  const account = accounts.get(String(of.saved['account']));
  const channel = of.credentials['channel']?.name;
  const credentials = {
    ...(account !== undefined && pointersOf(of).includes('account') ? { [credentialOf(account.broker)]: { id: null, name: nameOf(account) } } : {}),
    ...(channel === undefined ? {} : { [CHANNEL_CREDENTIAL]: { id: null, name: channel } }),
  };
  return Object.keys(credentials).length === 0 ? {} : { credentials };
}

function nameOf({ name, accountId, id }: Account): string {
  return name || accountId || id;
}

/** What a person must choose, once for each account and channel. */
function chosen({ nodes }: FlowDocument, accounts: ReadonlyMap<string, Account>): readonly CarryLine[] {
  const channels = new Set(nodes.flatMap(({ credentials }) => credentials['channel']?.name ?? []));
  const triggers = nodes.filter(({ reading }) => reading.kind === 'ours' && reading.definition.connections.includes('webhookSecret'));
  return [
    ...[...accounts.values()].map((account): CarryLine => ({ kind: 'choose', node: nameOf(account), text: 'Make a credential of this name with the account\'s ID, capital, limits and keys, and choose it in the nodes that name it.' })),
    ...[...channels].map((name): CarryLine => ({ kind: 'choose', node: name, text: 'Make an alert channel credential of this name, and choose it in the nodes that name it.' })),
    ...triggers.map(({ name }): CarryLine => ({ kind: 'choose', node: name, text: 'Its address is another one in n8n, and its secret is a credential: set both at the sender and in the node.' })),
  ];
}

/** What a workflow has nothing for. */
function left({ groups, settings, disabled }: FlowDocument): readonly CarryLine[] {
  return [
    ...groups.map(({ name }): CarryLine => ({ kind: 'lost', node: name, text: 'A group is only drawn; n8n has none.' })),
    ...(Array.isArray(settings['env']) && settings['env'].length > 0 ? [{ kind: 'lost' as const, node: '', text: 'The tab\'s environment is not carried; where a node uses it, the value is written in.' }] : []),
    ...(disabled ? [{ kind: 'changed' as const, node: '', text: 'The tab was disabled; a workflow is imported unpublished.' }] : []),
  ];
}
