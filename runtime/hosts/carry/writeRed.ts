import { z } from 'zod';
import type { DocumentNode, FlowDocument } from '../replay';
import { disabledLines, endedLines, wiresOf } from './assemble';
import { ACCOUNT_BROKERS, CHANNEL_CREDENTIAL, credentialOf } from './credentials';
import { redId } from './ids';
import type { NewWire, Piece } from './piece';
import { piecesOf } from './pieces';
import { placing } from './places';
import type { CarryLine, Conversion } from './report';

type Entry = Readonly<Record<string, unknown>>;

/** A workflow of n8n as one tab of Node-RED, as its "Import" reads it. */
export function writeRed(document: FlowDocument): Conversion {
  const pieces = piecesOf(document, 'node-red', () => undefined);
  const place = placing(document, 'node-red');
  const tab = redId(document.id);
  const wires = Map.groupBy(wiresOf(document, pieces), ({ key }) => key);
  const configurations = new Configurations(document.id);
  const nodes = [...pieces.values()].flatMap(({ of, nodes: made }) => made.map(({ key, name, entry, outputs, step }): Entry => {
    const { type, ...rest } = entry;
    const { x, y } = place(of.at, step);
    return { id: redId(document.id, key), type, z: tab, name, ...rest, ...(key === of.id ? configurations.pointers(of) : {}), x, y, wires: Array.from({ length: outputs }, (_none, output) => targets(wires.get(key), output, document.id)) };
  }));
  const notes = document.notes.map((note): Entry => ({ id: redId(document.id, 'note', note.id), type: 'comment', z: tab, name: headingOf(note.text) || note.id, info: note.text, ...place(note.at), wires: [] }));
  const kept = keptNotes(pieces).map(({ of, text }): Entry => ({ id: redId(document.id, 'kept', of.id), type: 'comment', z: tab, name: `Not carried: ${of.name}`, info: text, ...place(of.at), wires: [] }));
  return {
    file: [{ id: tab, type: 'tab', label: document.name, disabled: document.disabled, info: document.info, env: [] }, ...notes, ...kept, ...nodes, ...configurations.entries],
    report: [...[...pieces.values()].flatMap(({ report }) => report).map(firstLine), ...endedLines(document, pieces), ...disabledLines(document), ...configurations.report, ...addresses(document), ...flowSettings(document)],
  };
}

function targets(wires: readonly NewWire[] = [], output: number, flow: string): readonly string[] {
  return wires.filter((wire) => wire.output === output).map(({ to }) => redId(flow, to));
}

export function keptNotes(pieces: ReadonlyMap<string, Piece>): readonly { readonly of: DocumentNode; readonly text: string }[] {
  return [...pieces.values()].flatMap(({ of, kept = '' }) => (kept === '' ? [] : [{ of, text: kept }]));
}

/** A report's lines are lines; the whole is in the note. */
export function firstLine(line: CarryLine): CarryLine {
  return { ...line, text: line.text.split('\n')[0] ?? '' };
}

/** The first line of a note without its marks. */
function headingOf(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? '').replace(/^#+\s*/, '').trim().slice(0, 60);
}

function addresses({ nodes }: FlowDocument): readonly CarryLine[] {
  const hooks = nodes.filter(({ reading }) => reading.kind === 'ours' && reading.definition.kind === 'webhookTrigger');
  return hooks.map(({ name }) => ({ kind: 'choose', node: name, text: 'Its address is another one in Node-RED: open it, and set the address at the sender.' }));
}

const KNOWN_SETTINGS = new Set(['executionOrder', 'timezone', 'callerPolicy', 'availableInMCP', 'binaryMode']);

function flowSettings({ settings, pinned = [], tags = [] }: FlowDocument): readonly CarryLine[] {
  const beside = [
    ...pinned.map((node): CarryLine => ({ kind: 'lost', node, text: 'Its pinned data is not carried: n8n alone has such, for test runs in its editor.' })),
    ...(tags.length === 0 ? [] : [{ kind: 'lost' as const, node: '', text: `Tags are n8n's own: ${tags.join(', ')}.` }]),
  ];
  return [...beside, ...Object.keys(settings).filter((name) => !KNOWN_SETTINGS.has(name)).map((name): CarryLine => ({ kind: 'lost', node: '', text: `The workflow's setting "${name}" has no counterpart in Node-RED.` }))];
}

const Chosen = z.looseObject({ parameters: z.looseObject({ broker: z.string().catch('paper') }) });

/** Configuration nodes that stand for n8n's credentials: names only. */
class Configurations {
  readonly entries: Entry[] = [];
  readonly report: CarryLine[] = [];
  readonly #ids = new Map<string, string>();
  readonly #flow: string;

  constructor(flow: string) {
    this.#flow = flow;
  }

  /** Properties that point to them. */
  pointers({ name, reading, credentials, saved }: DocumentNode): Entry {
    if (reading.kind !== 'ours') return {};
    const pointers: Record<string, string> = {};
    const { broker: chosen } = Chosen.parse(saved).parameters;
    if (chosen !== 'paper') pointers['account'] = this.#configuration('bellwether-account', credentials[credentialOf(chosen)]?.name ?? chosen, { broker: chosen, accountId: '' });
    for (const [type, { name: title = '' }] of Object.entries(credentials)) {
      const broker = ACCOUNT_BROKERS.get(type);
      // n8n keeps the credentials of brokers that are not chosen any more.
      if (broker !== undefined && broker !== chosen) continue;
      if (broker !== undefined) pointers['account'] = this.#configuration('bellwether-account', title || broker, { broker, accountId: '' });
      else if (type === CHANNEL_CREDENTIAL) pointers['channel'] = this.#configuration('bellwether-channel', title, {});
      else this.report.push({ kind: 'choose', node: name, text: `The key of its credential "${title}" is not in the file: write it into Secret.` });
    }
    return pointers;
  }

  #configuration(type: string, name: string, values: Entry): string {
    const known = this.#ids.get(`${type} ${name}`);
    if (known !== undefined) return known;
    const id = redId(this.#flow, type, name);
    this.#ids.set(`${type} ${name}`, id);
    this.entries.push({ id, type, name, ...values });
    this.report.push({ kind: 'choose', node: name, text: type === 'bellwether-account' ? 'Open this account and set its Account ID, capital, limits and keys: none of them is in the file of a workflow.' : 'Open this channel and set where it sends: that is not in the file of a workflow.' });
    return id;
  }
}
