import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { deny, ok, type Outcome } from '../../../domain/denial';
import type { NodeAPI } from '../../nodeRed/red';
import type { BarrierHooks } from './barrier';
import type { RedEntry } from './entries';

/** The door of the `node-red` package, as an embedding program finds it. */
interface NodeRedModule {
  init(settings: Readonly<Record<string, unknown>>): void;
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
  readonly events: { on(event: string, listener: (event: unknown) => void): void };
  readonly hooks: BarrierHooks;
}
const NodeRedModule = z.custom<NodeRedModule>((value) => typeof value === 'object' && value !== null && ['init', 'start', 'stop', 'events', 'hooks'].every((name) => name in value), 'This is no Node-RED.');

/** What a Node-RED logs as an error that no Catch node took. */
export interface LoggedError {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly message: string;
}

const LogEntry = z.looseObject({ id: z.string().optional(), type: z.string().optional(), msg: z.unknown() });
const RuntimeEvent = z.looseObject({ id: z.string(), payload: z.looseObject({ error: z.string().optional(), type: z.string().optional() }).nullish() });

export interface EmbeddedOptions {
  /** The main file of the `node-red` package; see findNodeRed. */
  readonly nodeRed: string;
  readonly entries: readonly RedEntry[];
  /** Types that `register` makes known, configuration nodes too. */
  readonly types: readonly string[];
  readonly register: (red: NodeAPI) => void;
  readonly onError: (error: LoggedError) => void;
}

export interface Embedded {
  readonly hooks: BarrierHooks;
  close(): Promise<void>;
}

/** Where the shells' file, which Node-RED loads by itself, finds what it has to call. */
const DOOR: unique symbol = Symbol.for('@bellwether/headless@1');
const shared: typeof globalThis & { [DOOR]?: (red: NodeAPI) => void } = globalThis;

const START_LIMIT_MS = 60_000;

/** Starts the one Node-RED of this process: no editor, no HTTP, a folder of its own that is gone at the end. Denies what it has no node for. */
export async function embedNodeRed({ nodeRed, entries, types, register, onError }: EmbeddedOptions): Promise<Outcome<Embedded>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bellwether-headless-'));
  const remove = (): void => { rmSync(folder, { recursive: true, force: true }); };
  writeShells(folder, types);
  writeFileSync(path.join(folder, 'flows.json'), JSON.stringify(entries));
  shared[DOOR] = register;
  const red = NodeRedModule.parse(createRequire(nodeRed)(nodeRed));
  red.init({
    userDir: folder, nodesDir: path.join(folder, 'shells'), flowFile: 'flows.json', httpAdminRoot: false, httpNodeRoot: false, disableEditor: true, credentialSecret: false,
    telemetry: { enabled: false, updateNotification: false }, editorTheme: { projects: { enabled: false } }, functionExternalModules: false, externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
    logging: { console: { level: 'off', metrics: false, audit: false }, bellwether: { level: 'error', metrics: false, audit: false, handler: () => (entry: unknown) => { onError(readLog(entry)); } } },
  });
  const state = flowsStarted(red);
  await red.start();
  const started = await state;
  if (!started.ok) {
    await red.stop();
    remove();
    return started;
  }
  return ok({
    hooks: red.hooks,
    async close() {
      await red.stop();
      remove();
    },
  });
}

function flowsStarted(red: NodeRedModule): Promise<Outcome<undefined>> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => { reject(new Error(`Node-RED did not start its flows within ${START_LIMIT_MS / 1_000} s.`)); }, START_LIMIT_MS);
    const end = (outcome: Outcome<undefined>): void => {
      clearTimeout(limit);
      resolve(outcome);
    };
    red.events.on('flows:started', () => { end(ok(undefined)); });
    red.events.on('runtime-event', (event) => {
      const read = RuntimeEvent.safeParse(event);
      const payload = read.success && read.data.id === 'runtime-state' ? read.data.payload : undefined;
      if (payload?.error === undefined) return;
      end(deny('NOT_SUPPORTED', `Node-RED can not start this flow: ${payload.error} ${missingTypes(payload)}`.trim(), { remedy: 'Use nodes that come with Node-RED, or nodes of Bellwether.' }));
    });
  });
}

function missingTypes(payload: Readonly<Record<string, unknown>>): string {
  const types = z.array(z.string()).safeParse(payload['types']);
  return types.success ? types.data.join(', ') : '';
}

/** A node set that Node-RED finds by itself: its html names the types, its module asks us to make them. */
function writeShells(folder: string, types: readonly string[]): void {
  const shells = path.join(folder, 'shells');
  mkdirSync(shells);
  writeFileSync(path.join(shells, 'bellwether.js'), 'module.exports = (RED) => globalThis[Symbol.for("@bellwether/headless@1")](RED);\n');
  writeFileSync(path.join(shells, 'bellwether.html'), types.map((type) => `<script type="text/html" data-template-name="${type}"></script>\n`).join(''));
}

function readLog(entry: unknown): LoggedError {
  const read = LogEntry.safeParse(entry);
  if (!read.success) return { id: undefined, type: undefined, message: String(entry) };
  const { id, type, msg } = read.data;
  const message = typeof msg === 'object' && msg !== null && 'message' in msg ? String(msg.message) : String(msg);
  return { id, type, message };
}

/** The `node-red` that one of these places can reach: a folder, or a program's file. The first one wins. */
export function findNodeRed(near: readonly string[]): Outcome<string> {
  for (const place of near) {
    try {
      return ok(createRequire(path.join(place, 'here.js')).resolve('node-red'));
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return deny('NOT_FOUND', 'Node-RED was not found.', { remedy: 'Install it beside the flow (npm install node-red), or name its folder.' });
}
