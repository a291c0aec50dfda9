import { parseArgs } from 'node:util';
import { fromMoney } from '../runtime/domain/money';
import type { Order } from '../runtime/domain/order';
import type { Instruments } from '../runtime/domain/ports';
import { remainingQuantity, shownLevels, type Protection, type ShownLevels } from '../runtime/domain/protection';
import { restingEntries } from '../runtime/domain/safety';
import type { Runtime } from '../runtime/runtime';
import { parsedWords, UsageError } from './arguments';
import { findHome } from './home';
import { knownInstruments } from './knownInstruments';
import type { World } from './main';
import { formatTable } from './table';
import type { Tool } from './tools';

/** What `guard` needs of its process. */
export interface GuardWorld {
  /** The runtime on a state folder. Prices come from where the environment says, secrets of live accounts from the vault. */
  open(home: string): Promise<Runtime>;
  /** True once somebody has asked the process to end (Ctrl+C), false after `ms`. */
  stoppedWithin(ms: number): Promise<boolean>;
}

const OPTIONS = { home: { type: 'string' }, once: { type: 'boolean', default: false } } as const;
const LOOK_MS = 1_000;
/** Looks between two tries to open an account that could not be opened: a gateway that was down may be up by then. */
const LOOKS_BETWEEN_TRIES = 30;
/** Looks that `--once` gives cancellations. */
const LOOKS_FOR_CANCELS = 20;

/** `bellwether guard`: owns the stops, targets and trails of every account while no host does, until Ctrl+C. It says what it guards, whenever that changes. `--once` looks once, waits for the entries that a kill switch takes back, and ends. */
export const guardTool: Tool = {
  async run(words, world) {
    const { values, positionals } = parsedWords(() => parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true, strict: true }));
    if (positionals.length > 0) throw new UsageError('guard takes options only.');
    if (world.guard === undefined) throw new Error('This process can not guard anything.');
    const home = findHome(values.home, world);
    const runtime = await world.guard.open(home);
    try {
      const unopened = new Map<string, string>();
      await declareBrokers(runtime, world, unopened);
      return await watch(runtime, world, world.guard, { once: values.once, instruments: knownInstruments(home), openAgain: () => declareBrokers(runtime, world, unopened, (id) => unopened.has(id)) });
    } finally {
      await runtime.close();
    }
  },
};

/** Live accounts are owned with nothing to protect as well: they can be armed only while somebody holds their stops. */
async function declareBrokers(runtime: Runtime, world: World, unopened: Map<string, string>, isWanted: (id: string) => boolean = () => true): Promise<void> {
  for (const account of await runtime.store.accounts()) {
    if (account.broker === 'paper' || !isWanted(account.id)) continue;
    const why = await runtime.declareAccount(account).then(() => undefined, (error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (why !== undefined && why !== unopened.get(account.id)) world.err(`bellwether: account ${account.id} can not be guarded yet: ${why}\n`);
    if (why === undefined) unopened.delete(account.id);
    else unopened.set(account.id, why);
  }
}

interface WatchOptions {
  readonly once: boolean;
  readonly instruments: Instruments;
  readonly openAgain: () => Promise<void>;
}

async function watch(runtime: Runtime, world: World, guard: GuardWorld, { once, instruments, openAgain }: WatchOptions): Promise<string> {
  let said = '';
  for (let isOver = false, looks = 1; !isOver; looks += 1) {
    if (looks % LOOKS_BETWEEN_TRIES === 0) await openAgain();
    await runtime.protection.look();
    const now = await report(runtime, instruments);
    if (now !== said) world.out(now);
    said = now;
    isOver = once || (await guard.stoppedWithin(LOOK_MS));
  }
  return once ? await entriesEnded(runtime, guard) : 'The guard has ended. Whatever is still protected needs another owner.\n';
}

/** With `--once`: entries that rest under a kill switch are cancelled by the runtime's own round; it is waited for, within bounds. Says what came of it. */
async function entriesEnded(runtime: Runtime, guard: GuardWorld): Promise<string> {
  const atFirst = await killedEntries(runtime);
  let left = atFirst;
  for (let looks = 0; left.length > 0 && looks < LOOKS_FOR_CANCELS; looks += 1) {
    if (await guard.stoppedWithin(LOOK_MS)) break;
    left = await killedEntries(runtime);
  }
  if (atFirst.length === 0) return '';
  const ended = `The kill switch is on: ${atFirst.length - left.length} of ${atFirst.length} resting entry orders ${atFirst.length === 1 ? 'has' : 'have'} ended.\n`;
  return left.length === 0 ? ended : `${ended}Still open, and may fill: ${left.map(({ id, account, action, quantity, instrument, status }) => `${id} (${account}: ${action} ${quantity} ${instrument}, ${status})`).join(', ')}. Run "bellwether guard --once" again, or cancel them at your broker.\n`;
}

/** Entries that rest although the kill switch of their account is on. */
async function killedEntries({ store }: Runtime): Promise<readonly Order[]> {
  const orders = await store.openOrders();
  const killed = await Promise.all([...new Set(orders.map(({ account }) => account))].map(async (account) => ((await store.riskState(account)).killSwitch ? account : undefined)));
  return restingEntries(orders.filter(({ account }) => killed.includes(account)), await store.positions({ openOnly: true }));
}

async function report(runtime: Runtime, instruments: Instruments): Promise<string> {
  const owned = runtime.protection.guarded().map(({ account }) => account);
  const live = await runtime.store.protections.live();
  const others = [...new Set(live.map(({ account }) => account))].filter((account) => !owned.includes(account));
  const lines = [
    owned.length === 0 ? 'Guarding no account: nothing to protect, or another process does.\n' : `Guarding ${owned.join(', ')}. Ctrl+C ends it.\n`,
    ...(others.length === 0 ? [] : [`Not guarded by this process: ${others.join(', ')}.\n`]),
  ];
  return live.length === 0 ? lines.join('') : `${lines.join('')}${table(live.map((protection) => ({ ...protection, ...shownLevels(protection, instruments.find(protection.instrument)) })))}\n`;
}

function table(live: readonly (Protection & ShownLevels)[]): string {
  return formatTable([
    { title: 'ACCOUNT', cell: ({ account }) => account }, { title: 'STRATEGY', cell: ({ strategyId }) => strategyId, width: 24 }, { title: 'INSTRUMENT', cell: ({ instrument }) => instrument },
    { title: 'SIDE', cell: ({ direction }) => direction }, { title: 'OPEN', cell: (protection) => remainingQuantity(protection) }, { title: 'STATUS', cell: ({ status }) => status },
    { title: 'STOP', cell: ({ stop }) => (stop === undefined ? '' : fromMoney(stop)) }, { title: 'TARGET', cell: ({ target }) => (target === undefined ? '' : fromMoney(target)) },
    { title: 'HELD BY', cell: ({ held }) => (held ? 'broker' : 'runtime') },
  ], live);
}
