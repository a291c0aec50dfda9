import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, hashPassword, n8nEnvironment, n8nProgram, placePackage } from '../../../scripts/start/n8nHost.mjs';
import { freshDatabase } from './freshDatabase';
import { ensureN8n } from './install.mjs';
import { until } from './poll';

export const OWNER = { email: 'owner@example.com', password: 'Bellwether1' };

const STARTED = 'Editor is now accessible';
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 20_000;

/** A real n8n process in a throw-away home. It can be stopped, killed and started again on the same home. */
export class N8nProcess {
  private child: ChildProcess | undefined;
  private starts = 0;

  private constructor(
    readonly home: string,
    readonly base: string,
    private readonly program: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** `packageFolder` holds package.json and dist; `env` adds to n8n's environment. */
  static async create(options: { readonly packageFolder: string; readonly env?: Readonly<Record<string, string>> }): Promise<N8nProcess> {
    const n8nFolder = ensureN8n();
    const home = mkdtempSync(path.join(tmpdir(), 'bellwether-n8n-'));
    const port = await freePort();
    placePackage(options.packageFolder, home);
    const owner = { email: OWNER.email, passwordHash: hashPassword(n8nFolder, OWNER.password) };
    const env = { ...n8nEnvironment({ userFolder: home, port, brokerPort: await freePort(), owner }), BELLWETHER_HOME: '', N8N_ENCRYPTION_KEY: 'a key for tests', N8N_PAYLOAD_SIZE_MAX: '4', ...options.env };
    const program = n8nProgram(n8nFolder);
    // The package's folder is there, and with it the one that the database goes to.
    copyFileSync(freshDatabase(n8nFolder, program, env), path.join(home, '.n8n/database.sqlite'));
    return new N8nProcess(home, `http://127.0.0.1:${port}`, program, env);
  }

  /** Where the runtime keeps its state in this home. */
  get stateFolder(): string {
    return path.join(this.home, '.n8n/bellwether');
  }

  get log(): string {
    const file = this.logFile;
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  async start(): Promise<void> {
    this.starts += 1;
    // A file, never a pipe: n8n spins when the reader of a pipe has gone.
    const log = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, [this.program, 'start'], { env: this.env, cwd: this.home, stdio: ['ignore', log, log] });
    closeSync(log);
    this.child = child;
    await until('the start of n8n', () => {
      if (child.exitCode !== null) throw new Error(`n8n ended early:\n${this.log}`);
      return this.log.includes(STARTED) ? true : undefined;
    }, START_LIMIT_MS);
  }

  /** Runs a command of n8n's own command line; only while it is stopped. */
  command(...args: readonly string[]): string {
    const result = spawnSync(process.execPath, [this.program, ...args], { env: this.env, cwd: this.home, encoding: 'utf8', timeout: START_LIMIT_MS });
    if (result.status !== 0) throw new Error(`n8n ${args.join(' ')} failed:\n${result.stdout}\n${result.stderr}`);
    return result.stdout;
  }

  async stop(): Promise<void> {
    const deadline = setTimeout(() => this.child?.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.end('SIGTERM');
    clearTimeout(deadline);
  }

  /** The power cut. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }

  private end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  }

  private get logFile(): string {
    return path.join(this.home, `n8n-${this.starts}.log`);
  }
}
