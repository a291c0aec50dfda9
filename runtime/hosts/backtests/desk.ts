import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BacktestReport, BacktestWish } from '../../domain/backtest';
import { deny, type Outcome } from '../../domain/denial';
import type { Command, CommandResult, NodeContext } from '../../domain/nodeContext';
import type { BacktestRunner } from './runner';
import { threadRunner } from './threads';
import type { WishedSetup } from './wish';

/** What a host gives to a node that asks for a backtest. */
export interface BacktestDesk {
  readonly home: string;
  /** The deployed flows of this editor as one file, and the flow that the node is in; absent where the host does not tell its nodes. */
  readonly editor?: () => { readonly file: unknown; readonly here: string };
  /** `43 %, 2022-06-14`, some times a second; `done` from 0 to 1. */
  readonly onProgress?: (text: string, done: number) => void;
  /** Default: worker threads of the package. */
  readonly runner?: BacktestRunner<WishedSetup>;
}

/** The same context, which also carries out backtests: each in a thread of its own, so that orders and triggers of the host go on meanwhile. */
export function withBacktests(context: NodeContext, desk: BacktestDesk): NodeContext {
  return {
    now: () => context.now(),
    fetch: (needs) => context.fetch(needs),
    perform: (commands) => (commands.some(isBacktest) ? performEach(context, desk, commands) : context.perform(commands)),
  };
}

const isBacktest = (command: Command): boolean => command.kind === 'backtest';

async function performEach(context: NodeContext, desk: BacktestDesk, commands: readonly Command[]): Promise<readonly CommandResult[]> {
  const results: CommandResult[] = [];
  for (const command of commands) {
    if (command.kind === 'backtest') results.push({ kind: 'backtest', outcome: await inTurn(() => backtest(desk, command.wish)) });
    else results.push(...await context.perform([command]));
  }
  return results;
}

/** Backtests that wait for their turn; one runs at a time in a host, which has other things to do. */
const MOST_WAITING = 20;
let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

async function inTurn(work: () => Promise<Outcome<BacktestReport>>): Promise<Outcome<BacktestReport>> {
  if (waiting >= MOST_WAITING) return deny('TOO_MANY_REQUESTS', `${MOST_WAITING} backtests wait already.`, { remedy: 'Send the next one when a report has come, or use "bellwether sweep" for many.' });
  waiting += 1;
  const own = last.then(work);
  // A failure is its caller's and ends nothing.
  last = own.catch(() => undefined);
  try {
    return await own;
  } finally {
    waiting -= 1;
  }
}

async function backtest({ home, editor, onProgress, runner = threadRunner({ program: programOfThreads(), threads: 1 }) }: BacktestDesk, wish: BacktestWish): Promise<Outcome<BacktestReport>> {
  const flow = flowOf(wish.flow, editor);
  if (flow === undefined) return deny('NOT_SUPPORTED', 'This editor does not give its nodes the flows that are in it.', { field: 'flowFrom', remedy: 'Choose "Its JSON" and paste the flow: on its canvas press Ctrl+A and Ctrl+C, then Ctrl+V in "Flow JSON".' });
  const [outcome] = await runner.run({ home, wish: { ...wish, flow } }, [{ give: 'report' }], {
    ...(onProgress === undefined ? {} : { onProgress: (_, { done, at }) => { onProgress(`${Math.floor(done * 100)} %, ${new Date(at + INDIA_MS).toISOString().slice(0, 10)}`, done); } }),
  });
  if (outcome === undefined) throw new Error('The backtest was not begun.');
  if (!outcome.ok) return outcome;
  if (outcome.value.kind !== 'report') throw new Error('The backtest gave no report.');
  return { ok: true, value: outcome.value.report };
}

/** India is so far ahead of UTC, all year. */
const INDIA_MS = 19_800_000;

function flowOf(flow: BacktestWish['flow'], editor: BacktestDesk['editor']): WishedSetup['wish']['flow'] | undefined {
  if (flow.kind !== 'editor') return flow;
  if (editor === undefined) return undefined;
  const { file, here } = editor();
  return { kind: 'deployed', file, name: flow.name ?? here };
}

/** Beside the runtime's bundle; where sources run as they are, in what was built last. */
function programOfThreads(): string {
  const places = [path.join(__dirname, '../cli/backtestWorker.js'), path.join(__dirname, '../../../dist/cli/backtestWorker.js')];
  return places.find((place) => existsSync(place)) ?? places.join(' or ');
}
