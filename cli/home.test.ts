import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DATABASE_FILE, findHome, HomeNotFound } from './home';

let folder = '';
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'bellwether-home-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function journalIn(...parts: readonly string[]): string {
  const home = path.join(folder, ...parts);
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, DATABASE_FILE), '');
  return home;
}

const find = (named?: string, env: Readonly<Record<string, string>> = {}): string =>
  findHome(named, { env, workingDirectory: path.join(folder, 'project'), userFolder: path.join(folder, 'user') });

test('the first usual place that holds a journal is taken', () => {
  const n8n = journalIn('user', '.n8n', 'bellwether');
  expect(find()).toBe(n8n);
  const nodeRed = journalIn('user', '.node-red', 'bellwether');
  expect(find()).toBe(nodeRed);
  const own = journalIn('project', '.bellwether');
  expect(find()).toBe(own);
});

test('the folder of n8n moves with N8N_USER_FOLDER', () => {
  const moved = journalIn('data', '.n8n', 'bellwether');
  expect(find(undefined, { N8N_USER_FOLDER: path.join(folder, 'data') })).toBe(moved);
});

test('a folder that was named is the only one looked at', () => {
  journalIn('project', '.bellwether');
  const named = journalIn('named');
  expect(find('../named')).toBe(named);
  expect(find(undefined, { BELLWETHER_HOME: named })).toBe(named);
  expect(() => find('../empty')).toThrow(HomeNotFound);
  expect(() => find(undefined, { BELLWETHER_HOME: path.join(folder, 'empty') })).toThrow(HomeNotFound);
});
