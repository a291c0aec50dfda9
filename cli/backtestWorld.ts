import type { Outcome } from '../runtime/domain/denial';
import type { BacktestRunner } from '../runtime/hosts/backtests';

/** What `backtest` and `sweep` need of their process. */
export interface BacktestWorld {
  /** Whether somebody looks at standard error: then progress is drawn there. */
  readonly isTerminal: boolean;
  /** True once somebody has asked the process to end (Ctrl+C). The first call begins to listen. */
  interrupted(): boolean;
  /** Writes a file, relative to the working directory. Throws where it can not be written. */
  writeText(file: string, text: string): void;
  /** Backtests on so many threads; undefined: as many as the machine has cores. */
  runner(threads: number | undefined): BacktestRunner;
  /** Backtests in a headless Node-RED: that of `folder`, or one that the working directory can reach. Absent: this process can not. */
  readonly nodeRed?: (folder: string | undefined) => Outcome<BacktestRunner>;
}
