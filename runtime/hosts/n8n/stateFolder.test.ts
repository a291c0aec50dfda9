import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { stateFolder, webhookToken } from './stateFolder';

describe('state folder', () => {
  test.each([
    ['nothing set', {}, path.join(homedir(), '.n8n/bellwether')],
    ['n8n’s own folder', { N8N_USER_FOLDER: '/srv/n8n' }, '/srv/n8n/.n8n/bellwether'],
    ['a folder of its own', { N8N_USER_FOLDER: '/srv/n8n', BELLWETHER_HOME: '/srv/bell' }, '/srv/bell'],
    ['an empty variable', { BELLWETHER_HOME: '' }, path.join(homedir(), '.n8n/bellwether')],
  ])('%s', (_case, env, expected) => {
    expect(stateFolder(env)).toBe(expected);
  });
});

describe('webhook token', () => {
  const made: string[] = [];
  const folder = (): string => {
    const parent = mkdtempSync(path.join(tmpdir(), 'bellwether-token-'));
    made.push(parent);
    return path.join(parent, 'state');
  };
  afterAll(() => made.forEach((name) => rmSync(name, { recursive: true, force: true })));

  test('has 128 bits, is the same at every start and readable by its owner only', () => {
    const home = folder();
    const token = webhookToken(home);
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(webhookToken(home)).toBe(token);
    expect(statSync(path.join(home, 'n8n-webhook-token')).mode & 0o077).toBe(0);
    expect(readdirSync(home)).toEqual(['n8n-webhook-token']);
  });

  test('differs between installations', () => {
    expect(webhookToken(folder())).not.toBe(webhookToken(folder()));
  });

  test('a damaged file is refused, never used as a path', () => {
    const home = folder();
    webhookToken(home);
    writeFileSync(path.join(home, 'n8n-webhook-token'), 'short');
    expect(() => webhookToken(home)).toThrow('holds no webhook token');
  });
});
