import type { World } from './main';
import { calendarTool } from './calendar';
import { conditionTool } from './condition';
import { indicatorsTool } from './indicators';
import { instrumentsTool } from './instruments';

/** A command that needs no journal: it reads what its words name and answers. */
export interface Tool {
  /** Takes the words behind the command and gives the text for standard output. Throws UsageError for words that make no sense. */
  run(words: readonly string[], world: World): string | Promise<string>;
}

/** By the command's name. */
export const TOOLS: Readonly<Record<string, Tool>> = {
  indicators: indicatorsTool,
  condition: conditionTool,
  instruments: instrumentsTool,
  calendar: calendarTool,
};
