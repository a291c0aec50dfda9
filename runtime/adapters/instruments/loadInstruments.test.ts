import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { instrumentKey } from '../../domain/market';
import { loadInstruments } from './loadInstruments';

const stateFolder = (): string => mkdtempSync(path.join(tmpdir(), 'instruments-'));

test('without a file the bundled instruments serve', () => {
  expect(loadInstruments(stateFolder()).find(instrumentKey('NSE', 'SBIN'))?.lotSize).toBe(1);
});

test('a row of the file adds a share the bundle does not know', () => {
  const home = stateFolder();
  writeFileSync(path.join(home, 'instruments.csv'), 'exchange,symbol,lotSize\nNSE,MYSMALLCAP,1\n');
  expect(loadInstruments(home).find(instrumentKey('NSE', 'MYSMALLCAP'))).toMatchObject({ symbol: 'MYSMALLCAP', lotSize: 1 });
});

test('a file that can not be read stops the start and names the line', () => {
  const home = stateFolder();
  writeFileSync(path.join(home, 'instruments.csv'), 'exchange,symbol,lotSize\nNSE,SBIN,none\n');
  expect(() => loadInstruments(home)).toThrow(/instruments\.csv.*2/s);
});
