import { countingIds, manualClock, type ManualClock } from '../../runtime/adapters/system/manual';
import { manualMarket, type ManualMarket } from '../../runtime/adapters/ticks/simulated/manualMarket';
import { AccountConfig } from '../../runtime/domain/account';
import type { Denial } from '../../runtime/domain/denial';
import type { Envelope } from '../../runtime/domain/envelope';
import { instrumentKey, type Exchange } from '../../runtime/domain/market';
import { toMoney } from '../../runtime/domain/money';
import type { NodeContext } from '../../runtime/domain/nodeContext';
import type { Origin } from '../../runtime/domain/order';
import type { AlertChannel } from '../../runtime/domain/ports';
import type { RiskLimits } from '../../runtime/domain/risk';
import type { ActionDefinition, Emission } from '../../runtime/hosts/definition';
import { readParameters } from '../../runtime/hosts/parameters';
import { runNode, type RunResult } from '../../runtime/hosts/run';
import { openRuntime } from '../../runtime/open';
import type { Runtime } from '../../runtime/runtime';
import { NOW, silentLog } from './ingressWorld';
import { recordingNotifier, type RecordingNotifier } from './recordingNotifier';

export { NOW };

/** Limits that get in nobody's way, for tests of something else. */
export const WIDE: Partial<RiskLimits> = { maxOrderQuantity: 1e6, maxOrderValuePercent: 10_000, maxPosition: 1e6, maxSymbolExposure: 1e6, maxOpenPositions: 1e4, maxDailyOrders: 1e6, maxDailyLossPercent: 100, cooldownMs: 0 };

export interface TradingWorld {
  readonly runtime: Runtime;
  readonly clock: ManualClock;
  readonly market: ManualMarket;
  readonly notifier: RecordingNotifier;
  /** Sets a fresh quote around `last` rupees, 5 paise wide on each side; NSE unless the symbol names its exchange (`NFO:…`). */
  quote(symbol: string, last: number): void;
  context(origin?: Partial<Origin>, channels?: readonly AlertChannel[]): NodeContext;
  /** Runs one node on one item, its saved values read as n8n's host reads them. */
  run(definition: ActionDefinition, values: Readonly<Record<string, unknown>>, item: Envelope, origin?: Partial<Origin>, channels?: readonly AlertChannel[]): Promise<RunResult>;
  close(): Promise<void>;
}

export const ORIGIN: Origin = { account: 'paper', strategyId: 'demo', nodeKey: 'node', signalId: 's1' };

/** The whole runtime on the paper broker, in memory; clock and market move when the test says so. SBIN trades at 800, TCS at 3,000. */
export async function tradingWorld(limits: Partial<RiskLimits> = {}, account: Partial<AccountConfig> = {}): Promise<TradingWorld> {
  const clock = manualClock(NOW);
  const market = manualMarket();
  const notifier = recordingNotifier();
  const runtime = await openRuntime({ home: ':memory:', clock, ids: countingIds('b'), market, notifier, log: silentLog, pause: () => Promise.resolve() });
  await runtime.declareAccount(AccountConfig.parse({ ...account, limits }));
  const world: TradingWorld = {
    runtime, clock, market, notifier,
    quote(symbol, last) {
      const instrument = symbol.includes(':') ? keyOf(symbol) : instrumentKey('NSE', symbol);
      market.set({ instrument, bid: toMoney(last - 0.05), ask: toMoney(last + 0.05), last: toMoney(last), at: clock.now() });
    },
    context: (origin = {}, channels = []) => runtime.context({ ...ORIGIN, ...origin }, { channels }),
    async run(definition, values, item, origin, channels) {
      const params = readParameters(definition.params, values, { numbersAsText: false });
      if (!params.ok) throw new Error(params.denial.message);
      return runNode(definition, params.value, item, world.context(origin, channels));
    },
    close: () => runtime.close(),
  };
  world.quote('SBIN', 800);
  world.quote('TCS', 3_000);
  return world;
}

function keyOf(symbol: string): ReturnType<typeof instrumentKey> {
  const [exchange = '', name = ''] = symbol.split(':');
  return instrumentKey(exchangeOf(exchange), name);
}

function exchangeOf(text: string): Exchange {
  if (text === 'NSE' || text === 'BSE' || text === 'NFO' || text === 'MCX' || text === 'NSE_INDEX') return text;
  throw new Error(`No exchange of these tests: ${text}`);
}

/** What a node emitted, in order. */
export function emitted(result: RunResult): readonly Emission[] {
  if (result.kind === 'raised') throw new Error(`The node raised ${result.denial.code}: ${result.denial.message}`);
  return result.emissions;
}

/** The one emission of a node. */
export function only(result: RunResult): Emission {
  const [first, second] = emitted(result);
  if (first === undefined || second !== undefined) throw new Error('The node did not emit exactly one item.');
  return first;
}

export function raised(result: RunResult): Denial {
  if (result.kind === 'raised') return result.denial;
  throw new Error(`The node emitted ${JSON.stringify(result.emissions)}.`);
}
