import type { Metrics } from '../../domain/metrics';
import type { Told } from '../../domain/told';
import { checkFlow, type Finding } from '../check';
import { readFlow, type Definitions } from '../replay';
import { resultWords } from '../report';
import type { BacktestSetup } from './task';

/** What `bellwether check` says of a setup's flow, symbols judged by their spelling. None of a file that can not be read: whoever walks it says why. */
export function findingsOf({ file, flow }: Pick<BacktestSetup, 'file' | 'flow'>, definitions: Definitions): readonly Finding[] {
  const read = readFlow(file, definitions, flow);
  return read.ok ? checkFlow(read.value.graph, { document: read.value.document }) : [];
}

/** `1 error, 2 warnings`; undefined where nothing was found. */
export function findingsCount(findings: readonly Finding[]): string | undefined {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const words = [[errors, 'error'], [findings.length - errors, 'warning']] as const;
  const told = words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`);
  return told.length === 0 ? undefined : told.join(', ');
}

/** The end of a backtest for whoever looks at the canvas: what came of it, and what the check of the flow found. */
export function toldOf({ all }: Pick<Metrics, 'all'>, findings: readonly Finding[], stoppedEarly: boolean): Told {
  const count = findingsCount(findings);
  return {
    text: [resultWords(all), ...(stoppedEarly ? ['stopped early'] : []), ...(count === undefined ? [] : [count])].join(', '),
    details: findings.map(({ severity, text, remedy }) => `${severity === 'error' ? 'Error' : 'Warning'}: ${text} ${remedy}`), isWarning: findings.length > 0,
  };
}
