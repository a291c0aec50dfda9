import { existsSync } from 'node:fs';
import path from 'node:path';
import { columnsOf } from '../../runtime/domain/indicators/core/columns';
import { compare, readBars, readGolden, table, type Agreement } from './goldenTable';

function agreements(folder: string, name: 'synthetic' | 'bnf'): readonly Agreement[] {
  const columns = columnsOf(readBars(path.join(folder, `${name}.csv`)));
  return Object.entries(readGolden(path.join(folder, `${name}.json`))).map(([expression, golden]) => compare(expression, columns, golden, name));
}

function expectAgreement(rows: readonly Agreement[]): void {
  expect(rows.filter((row) => row.firstWrong !== undefined || row.unknown > 0)).toEqual([]);
  expect(rows.filter((row) => row.begin !== row.expectedBegin)).toEqual([]);
}

/** Printed as it is, without the test runner's frame. */
function print(title: string, text: string): void {
  process.stdout.write(`\n${title}\n${text}\n`);
}

test('every indicator agrees with TA-Lib on seeded candles', () => {
  const rows = agreements(path.join(__dirname, 'data'), 'synthetic');
  print('Agreement with TA-Lib, 700 seeded candles', table(rows));
  expect(rows.length).toBe(67);
  expectAgreement(rows);
});

/** Real market data are not part of the project: they lie beside it, where they are present at all. */
const SHARED = path.resolve(__dirname, '../../../shared/golden');

test('every indicator agrees with TA-Lib on three sessions of Bank Nifty', () => {
  if (!existsSync(path.join(SHARED, 'bnf.csv'))) {
    print('No Bank Nifty reference beside the project', 'its comparison is left out');
    expect(process.env['CI']).not.toBe('true');
    return;
  }
  const rows = agreements(SHARED, 'bnf');
  print('Agreement with TA-Lib, three sessions of Bank Nifty', table(rows));
  expectAgreement(rows);
});
