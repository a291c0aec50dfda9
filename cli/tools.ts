import type { World } from './main';
import { accountsTool, armTool, disarmTool } from './arm';
import { backtestTool } from './backtest';
import { calendarTool } from './calendar';
import { checkTool } from './check';
import { conditionTool } from './condition';
import { convertTool } from './convert';
import { dataTool } from './data';
import { guardTool } from './guard';
import { ledgerTool } from './ledger';
import { indicatorsTool } from './indicators';
import { instrumentsTool } from './instruments';
import { journalTool } from './journal';
import { performanceTool } from './performance';
import { preflightTool } from './preflight';
import { reconcileTool } from './reconcile';
import { riskTool } from './risk';
import { statusTool } from './status';
import { sweepTool } from './sweep';
import { vaultTool } from './vault';

export type Answer = string | { readonly text: string; readonly code: 0 | 1 | 130 };

/** A command with words of its own: it reads what they name and answers. */
export interface Tool {
  /** Takes the words behind the command and gives the text for standard output, with the exit code where it is not 0. Throws UsageError for words that make no sense. */
  run(words: readonly string[], world: World): Answer | Promise<Answer>;
}

/** By the command's name. */
export const TOOLS: Readonly<Record<string, Tool>> = {
  indicators: indicatorsTool,
  condition: conditionTool,
  instruments: instrumentsTool,
  check: checkTool,
  convert: convertTool,
  backtest: backtestTool,
  sweep: sweepTool,
  data: dataTool,
  calendar: calendarTool,
  accounts: accountsTool,
  arm: armTool,
  disarm: disarmTool,
  guard: guardTool,
  journal: journalTool,
  ledger: ledgerTool,
  performance: performanceTool,
  preflight: preflightTool,
  reconcile: reconcileTool,
  risk: riskTool,
  status: statusTool,
  vault: vaultTool,
};
