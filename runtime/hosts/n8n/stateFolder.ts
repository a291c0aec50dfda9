import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

const TOKEN_BYTES = 16;
const TOKEN_FILE = 'n8n-webhook-token';

/** Where Bellwether keeps its state under n8n: `BELLWETHER_HOME`, else `bellwether` inside n8n's own folder. */
export function stateFolder(env: Environment = process.env): string {
  const { BELLWETHER_HOME: own, N8N_USER_FOLDER: user } = env;
  return own === undefined || own === '' ? path.join(user === undefined || user === '' ? homedir() : user, '.n8n', 'bellwether') : path.resolve(own);
}

/**
 * The installation's part of every webhook URL: 128 random bits, made once and kept in the state folder, readable by the owner only.
 * Several processes may start at the same time: the file appears complete or not at all, and the first one wins.
 */
export function webhookToken(folder: string): string {
  const file = path.join(folder, TOKEN_FILE);
  if (!existsSync(file)) createToken(folder, file);
  const token = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{32}$/.test(token)) throw new Error(`${file} holds no webhook token. Delete it to get a new one; the webhook URLs change with it.`);
  return token;
}

function createToken(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, randomBytes(TOKEN_BYTES).toString('hex'), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft);
  }
}
