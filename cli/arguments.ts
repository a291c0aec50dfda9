import { parseArgs } from 'node:util';

/** What can be listed, and what acts on the journal. */
export const LISTS = ['orders', 'positions', 'signals', 'intents', 'locks', 'alerts', 'events'] as const;
export const ACTIONS = ['kill', 'rearm'] as const;
export type ListName = (typeof LISTS)[number];
export type ActionName = (typeof ACTIONS)[number];

export interface Arguments {
  readonly command: ListName | ActionName;
  /** The state folder; undefined to look for it. */
  readonly home?: string;
  readonly account?: string;
  readonly strategy?: string;
  /** Newest rows shown, 1 to 10,000. */
  readonly limit: number;
  readonly json: boolean;
  /** Texts of a list are shown whole. */
  readonly wide?: boolean;
  /** Why trading is stopped; kept with the switch. */
  readonly reason?: string;
  /** With kill: positions of flows are closed as well, by a running host or guard. */
  readonly flatten?: boolean;
  /** With signals: those that events of orders and accounts have made as well. */
  readonly all?: boolean;
}

/** A command line that can not be understood; the message says what to type instead. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

export const USAGE = `bellwether <command> [options]

Shows and steers the state of Bellwether in a running (or stopped) n8n or Node-RED.

Commands
  orders      orders and how far they got
  positions   positions of every strategy
  signals     alerts received and firings of triggers, and whether their flow has ended; --all: those by events of orders and accounts too
  intents     what flows wanted, and what the risk gate said
  locks       trade locks held now
  alerts      messages recorded for people
  events      what happened to accounts: orders' lives, stops, kill switch, differences, health (--account, --strategy)
  ledger      what strategies and accounts have traded, realised and paid (--account, --strategy, --days, --json, --home)
  performance what paper or live trading came to: figures, a page, or JSON (--account, --strategy, --from 2026-11-01, --to 2026-11-20,
              --by day|week|month, --capital <rupees>, --out report.html, --json, --home)
  journal     everything that was journalled, oldest first, for a spreadsheet or a program: signals, decisions with their refusals, orders, their events,
              fills, events of accounts, alerts: journal --export csv|json (--account, --strategy, --from, --to, --out <file>, --home)
  status      accounts, positions and who protects them, unknown orders, differences, who owns which work (--account, --json, --home)
  risk        limits of accounts and flows, what is used and left, and what stops entries (--account, --strategy, --json, --home)
  reconcile   what the broker and the journal do not agree on (--account, --all, --limit, --json, --home); to settle one:
              reconcile --resolve <id> --as external|ignored --by <name> --reason <text> [--price <rupees>];
              an order of unknown outcome: --as never-arrived, or --as found --order <the broker's order id>
  indicators  values of expressions over a file of candles:
              indicators candles.csv --expr "rsi(14)" --expr "macd(12,26,9).signal"
  condition   where a condition was true over a file of candles, and why:
              condition candles.csv "ema(9) crosses above ema(21)"
  instruments search <text>, expiries <NFO:NIFTY>, or refresh [--openalgo <url>] [--force]: what can be traded
              (--exchange, --segment, --limit, --json, --home; the gateway's key in OPENALGO_API_KEY)
  backtest    a flow of either editor over history, with costs: backtest flow.json --data candles.csv --symbol NSE:SBIN --out report.html
  sweep       the same flow with many values, on all cores: sweep flow.json --data candles.csv --param "Risk Gate.defaultQuantity=10,20"
  data        candles in the local store: data import candles.csv --symbol NSE:SBIN, data list,
              data remove NSE:SBIN [--timeframe 1m],
              data fetch --account upstox --symbol NSE:SBIN --from 2026-01-01 (the broker's history, in pages; secrets from the vault;
              --timeframe 5m fetches longer candles than minutes, --again what is there already)
  guard       own stops, targets and trails of every account while no host runs, until Ctrl+C (--home; --once looks once, and cancels the entries
              that rest under a kill switch)
  check       what is wrong with a flow before it trades: check flow.json (--flow <name>, --json, --home); exit code 1 where there is an error;
              check --rules lists what is looked for
  convert     a flow for the other editor: convert flow.json --to n8n|node-red (--out <file>, --flow <name>, --json)
  calendar    when an exchange trades on a day: calendar NSE 2026-11-20 (--json, --home)
  accounts    every account: its broker, whether it is armed, who holds its stops (--json, --home)
  arm         let a live account send real orders: arm <account> --by <name>; asks for a sentence (or --confirm <sentence>)
  disarm      end it: disarm <account> --by <name> [--reason <text>]; exits still pass
  preflight   what can be looked at before the trading day: preflight [account] (--json, --home); exit code 1 where something failed.
              Secrets come from the vault, its key from BELLWETHER_VAULT_KEY
  vault       broker secrets for when no flow brings them: vault set <account> [--broker <name>], list, remove <account>, rekey.
              Secrets are asked for, or read from standard input
  kill        stop all new entries (of --account, or of every account); a running host cancels those that rest, and with --flatten closes what flows hold
              as well. Where no process runs: guard --once
  rearm       allow trading again after kill or a daily-loss stop

Options
  --home <folder>     state folder; default BELLWETHER_HOME, else the first of
                      ./.bellwether, ~/.node-red/bellwether, ~/.n8n/bellwether that holds bellwether.db
  --account <id>      only this account
  --strategy <name>   only this strategy
  --limit <n>         newest n rows, 1 to ${MAX_LIMIT} (default ${DEFAULT_LIMIT})
  --wide              lists: long texts whole instead of cut
  --reason <text>     with kill: why
  --all               with signals: those by events of orders and accounts too
  --json              an array of flat objects instead of a table

Options of indicators and condition
  --expr <text>       with indicators: what to compute; may be repeated
  --last <n>          with indicators: newest rows of the table (default 10)
  --convention <name> talib (default) or pine
  --timeframe <t>     length of the file's candles; default: as far as most of them are apart, 1m in a file without times
  --times <which>     whether the file's times are the start (default) or the end of its candles
  --exchange <code>   whose sessions the candles belong to (NSE, NFO, MCX, ...): candles outside of them are left out.
                      Default: each day in India is a session that opens with its first candle
  --symbol <name>     rows of this symbol only, where the file names one
  --json              indicators: {"rsi(14)": [value or null for each candle]}; condition: [numbers of the candles for which it is true, from 0]

Options of backtest and sweep
  --data <file>       candles as CSV or JSON, or "store"; of several instruments: --data NSE_INDEX:NIFTY=nifty.csv --data NFO:NIFTY30JUN22FUT=store
  --symbol <name>     whose candles they are, where --data does not say; default: the one symbol that the flow trades
  --as <A>=<B>        A, which the flow trades, goes by the candles of B: --as NSE:SBIN=NSE_INDEX:NIFTY
  --instrument <...>  lot=75,tick=0.05,segment=NFO of --symbol, or of the instrument in front: NFO:NIFTY30JUN22FUT,lot=75,tick=0.05
  --columns <map>     where columns are, by name or number: time=Date,open=2,high=3,low=4,close=5
  --times <which>     whether the file's times are the start (default) or the end of its candles; --zone <name> theirs, default Asia/Kolkata
  --timeframe <t>     length of the file's candles, default: as far as most of them are apart; of a store: which candles, default the shortest
  --from, --to        first and last day (or time) that is traded; candles before serve as warm-up
  --capital <rupees>  default 1000000; --account <file.json> a paper account with its limits and safety; --limit maxOrderValuePercent=50 one limit of it
  --fees <which>      exchange (default: brokerage, taxes and fees of India, by date) or none
  --slippage <model>  none, spread (default), ticks=1 or percent=0.05; --participation <percent> of the volume that one order may take, 0 for no bound
  --orders <when>     next-tick (default): an order meets the next price; at-once: the newest, as on a paper account
  --alerts <file>     what alert services posted: [{"at": "2022-06-01T09:20:00+05:30", "node": "TradingView Trigger", "body": {…}}]
  --hours <which>     exchange (default) or always: around the clock, for markets that the calendar does not know
  --flow <name>       which flow of a file that holds several
  --out <file.html>   backtest: the report as one page
  --lane <lane>       backtest: compiled (default), or node-red: the flow in a Node-RED without an editor (--node-red <folder>), for Function and other nodes that are not translated
  --check-lookahead   backtest: changes the future and sees that nothing before it changes; exit code 1 where it does
  --param <values>    sweep: "Node.parameter=10,20", "Enter.condition.0=5..20:5" (its first number), or a name for --set: fast=5,9,12
  --set <text>        sweep: "Enter.condition=ema({fast}) crosses above ema({slow})"; --where "fast<slow" leaves combinations out
  --metric <name>     sweep: what the best is best at, default netPnl; --lowest where less is more; --top <n> rows, --threads <n>
  --walk-forward <w>  sweep: train=6mo,test=1mo: values are chosen on one stretch and tried on the next
  --json              backtest: {trades, metrics, intents, lanes, …}; sweep: {metric, rows} or {windows, inSample, outOfSample, warnings}
Ctrl+C ends a backtest or a sweep in good order: what was done until then is given out, with exit code 130.
`;

const OPTIONS = {
  home: { type: 'string' }, account: { type: 'string' }, strategy: { type: 'string' }, limit: { type: 'string' },
  reason: { type: 'string' }, flatten: { type: 'boolean' }, all: { type: 'boolean' }, wide: { type: 'boolean' }, json: { type: 'boolean', default: false },
} as const;

/** Reads the words after `bellwether`. Throws a UsageError for anything it does not know. */
export function readArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
  const [command, ...more] = positionals;
  if (command === undefined) throw new UsageError('Which command?');
  if (!isCommand(command)) throw new UsageError(`There is no command "${command}".`);
  if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much: ${command} takes options only.`);
  if (values.reason !== undefined && command !== 'kill') throw new UsageError('--reason belongs to kill.');
  if (values.flatten !== undefined && command !== 'kill') throw new UsageError('--flatten belongs to kill.');
  if (values.all !== undefined && command !== 'signals') throw new UsageError('--all belongs to signals.');
  if (values.wide !== undefined && ACTIONS.some((action) => action === command)) throw new UsageError('--wide belongs to lists.');
  const { home, account, strategy, reason, flatten, all, wide } = values;
  return {
    command, limit: readLimit(values.limit), json: values.json,
    ...(home === undefined ? {} : { home }), ...(account === undefined ? {} : { account }),
    ...(strategy === undefined ? {} : { strategy }), ...(reason === undefined ? {} : { reason }), ...(flatten === undefined ? {} : { flatten }), ...(all === undefined ? {} : { all }), ...(wide === undefined ? {} : { wide }),
  };
}

/** What node's own parser makes of words; what it refuses is a usage error. */
export function parsedWords<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. To specify')[0] ?? error.message) : String(error));
  }
}

function isCommand(word: string): word is Arguments['command'] {
  return [...LISTS, ...ACTIONS].some((command) => command === word);
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > MAX_LIMIT) throw new UsageError(`--limit must be a whole number from 1 to ${MAX_LIMIT}, not "${text}".`);
  return limit;
}
