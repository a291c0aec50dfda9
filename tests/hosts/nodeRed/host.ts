import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export const ROOT = path.resolve(__dirname, '../../..');
const PACKAGE = '@bellwether/n8n-nodes-trading';
const START_LIMIT_MS = 30_000;

export type DeployType = 'full' | 'nodes' | 'flows' | 'reload';

/** A flow as Node-RED's Admin API takes it: a list of plain nodes. */
export type FlowNode = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

export interface NodeRedOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What node_modules of the user folder holds; default: this repository, linked. */
  readonly install?: (userDir: string) => void;
  readonly env?: Readonly<Record<string, string>>;
  /** The Node that runs it; default the one of the tests. */
  readonly node?: string;
  /** Debug-level log, for tests that look for a line of it. */
  readonly flows?: readonly FlowNode[];
}

/** A real Node-RED with a user folder of its own. `start` may be called again after `stop` or `kill`: it finds what it left. */
export class NodeRed {
  readonly userDir = mkdtempSync(path.join(os.tmpdir(), 'bellwether-node-red-'));
  readonly #options: NodeRedOptions;
  readonly #lines = new EventEmitter();
  #child: ChildProcess | undefined;
  #log = '';
  #port = 0;
  #lives = 0;

  constructor(options: NodeRedOptions = {}) {
    this.#options = options;
    this.#lines.setMaxListeners(0);
    (options.install ?? linkRepository)(this.userDir);
    if (options.flows !== undefined) writeFileSync(path.join(this.userDir, 'flows.json'), JSON.stringify(options.flows));
  }

  get base(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<this> {
    this.#port = this.#port === 0 ? await freePort() : this.#port;
    this.#lives += 1;
    const settings = path.join(this.userDir, 'settings.js');
    writeFileSync(settings, `module.exports = ${JSON.stringify({
      uiPort: this.#port, uiHost: '127.0.0.1', flowFile: 'flows.json', credentialSecret: 'test', telemetry: { enabled: false, updateNotification: false },
      editorTheme: { tours: false, projects: { enabled: false } }, logging: { console: { level: 'info', metrics: false, audit: false } }, ...this.#options.settings,
    })};`);
    const red = path.join(ROOT, 'node_modules/node-red/red.js');
    const child = spawn(this.#options.node ?? process.execPath, [red, '-u', this.userDir, '-s', settings], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...cleanEnvironment(), ...this.#options.env } });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => this.#take(chunk.toString()));
    const since = this.#log.length;
    await Promise.race([Promise.all([this.waitForLog(/Started flows/, since), this.waitForLog(/Server now running/, since)]), this.#unexpectedExit(child)]);
    return this;
  }

  /** Resolves with the first match in what is logged from now on (or, with `since`, from an earlier position). */
  async waitForLog(pattern: RegExp, since = this.#log.length, limitMs = START_LIMIT_MS): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(limitMs);
    for (;;) {
      const match = pattern.exec(this.#log.slice(since));
      if (match !== null) return match;
      await once(this.#lines, 'line', { signal }).catch((error: unknown) => {
        throw new Error(`${String(pattern)} did not appear in the log:\n${this.#log.slice(-4_000)}`, { cause: error });
      });
    }
  }

  /** Deploys and waits until the flows run again: the Admin API answers before they do. */
  async deploy(flows: readonly FlowNode[], type: DeployType = 'full'): Promise<void> {
    const since = this.#log.length;
    await this.admin('POST', '/flows', { flows }, { 'Node-RED-Deployment-Type': type });
    await this.waitForLog(/Started (modified )?(flows|nodes)/, since);
  }

  async admin(method: string, url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const response = await fetch(this.base + url, {
      method, headers: { 'content-type': 'application/json', accept: 'application/json', 'Node-RED-API-Version': 'v2', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Presses the button of an Inject node. */
  async inject(nodeId: string): Promise<void> {
    await fetch(`${this.base}/inject/${nodeId}`, { method: 'POST' });
  }

  /** The journal, read beside the running host. */
  rows(sql: string): Record<string, unknown>[] {
    const folder = path.join(this.userDir, 'bellwether');
    const database = new DatabaseSync(path.join(folder, JOURNAL), { readOnly: true });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }

  count(sql: string): number {
    return Number(Object.values(this.rows(sql)[0] ?? {})[0]);
  }

  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async dispose(): Promise<void> {
    await this.#end('SIGKILL');
    rmSync(this.userDir, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  #take(text: string): void {
    this.#log += text;
    this.#lines.emit('line');
  }

  async #unexpectedExit(child: ChildProcess): Promise<never> {
    const [code] = await once(child, 'exit') as [number | null];
    if (this.#child === child) throw new Error(`Node-RED ended with ${String(code)}:\n${this.#log.slice(-4_000)}`);
    return new Promise(() => undefined);
  }
}

/** File name of the journal in the state folder. */
export const JOURNAL = 'bellwether.db';

function linkRepository(userDir: string): void {
  if (!existsSync(path.join(ROOT, 'dist/runtime/index.js'))) throw new Error('Build first: node build.mjs');
  const link = path.join(userDir, 'node_modules', PACKAGE);
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(ROOT, link, 'dir');
}

/** Node-RED shall find its own state folder, not the tester's. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BELLWETHER_') && !name.startsWith('NODE_RED')));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return address.port;
}
