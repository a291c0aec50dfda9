import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as definitions from '../../nodes';
import { checkFlow } from '../../runtime/hosts/check';
import { readFlow } from '../../runtime/hosts/replay';
import { HOSTS, valueOf } from '../doubles/shippedFlow';

const folder = path.resolve(__dirname, '../../flows');
const flows = HOSTS.flatMap((host) => readdirSync(path.join(folder, host)).map((file) => ({ host, name: file.replace('.json', ''), file: path.join(folder, host, file) })));

const NO_SWITCH = 'The kill switch is a flow of its own, "Kill switch and close all", for all flows of the account.';
const OF_THE_SCAN = 'A scan only finds entries; the flow is for MIS, whose positions the account squares off.';

/** By code: the shipped flows in which a warning is meant, and why. Errors are never meant. */
const MEANT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'entry-without-exit': { 'ChartInk basket': OF_THE_SCAN, 'Scan, approve, trade': OF_THE_SCAN },
  'no-kill-path': {
    'ChartInk basket': NO_SWITCH, 'RSI swing': NO_SWITCH, 'Re-entry exit': NO_SWITCH, 'Scan, approve, trade': NO_SWITCH, 'Stop, target and trailing monitor': NO_SWITCH, 'TradingView alert to order': NO_SWITCH,
  },
  'order-without-gate': { 'Stop, target and trailing monitor': 'A person presses a button to see a stop at work.' },
};

describe.each(flows)('$host: $name', ({ name, file }) => {
  const saved: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const { graph, document } = valueOf(readFlow(saved, Object.values(definitions)));
  const findings = checkFlow(graph, { document });

  test('has no error, and warnings only where they are meant', () => {
    expect(findings.filter(({ code, severity }) => severity === 'error' || MEANT[code]?.[name] === undefined)).toEqual([]);
  });

  test('has every warning that is said to be meant', () => {
    const meant = Object.entries(MEANT).filter(([, names]) => names[name] !== undefined).map(([code]) => code);
    expect([...new Set(findings.map(({ code }) => code))].toSorted()).toEqual(meant.toSorted());
  });
});
