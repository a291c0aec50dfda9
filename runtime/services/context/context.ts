import { deny, type Outcome } from '../../domain/denial';
import { resolveSymbol } from '../../domain/instrument';
import { soldAsFuture } from '../../domain/margin';
import { instrumentKey, type Instrument } from '../../domain/market';
import type { Money } from '../../domain/money';
import type { Command, CommandResult, Data, Need, NeedResults, Needs, NodeContext, PlaceResult, Tradable, TradableQuery } from '../../domain/nodeContext';
import { Product, type Origin } from '../../domain/order';
import { indiaMidnight } from '../../domain/session';
import { DAY_MS } from '../../domain/time';
import type { AlertChannel, Store } from '../../domain/ports';
import type { PositionView } from '../../domain/envelope';
import type { AccountDesk } from '../accounts/accountDesk';
import type { Alerts } from '../alerts/alerts';
import { signalOfAnswer, type ApprovalDesk } from '../approvals';
import { newestQuote } from '../marketData/newestQuote';
import type { OrderRouter, RoutedAccount } from '../orderRouter/router';
import { positionView } from '../orderRouter/views';
import { resultOfJournal } from '../performance';
import { accountState } from './accountState';
import { asTestStep, testStepRefusal, type TestStep } from './testStep';
import { createShortsFirst } from './shortsFirst';
import { cancelProtection, moveStop, protect, type ProtectionCommandPorts } from '../protection/commands';
import { fetchCandles, fetchDepth, fetchQuote, fetchSeries, searchInstruments, type MarketPorts } from './market';

export interface ContextPorts extends MarketPorts {
  readonly store: Store;
  readonly router: OrderRouter;
  readonly alerts: Alerts;
  readonly approvals: Pick<ApprovalDesk, 'ask'>;
}

/** The world as one node of one flow sees it, for one item: the only place where needs and commands meet the services. */
export function createContext(ports: ContextPorts, accounts: Pick<AccountDesk, 'use'>, origin: Origin, channels: readonly AlertChannel[], testStep?: TestStep): NodeContext {
  const inWorld = <T>(work: (world: World) => Promise<T>): Promise<T> => accounts.use(origin.account, (account) => work({ ...ports, account, origin, channels }));
  return {
    now: () => ports.now(),
    fetch: (needs) => inWorld((world) => fetchAll(world, needs)),
    perform: (commands) => inWorld(async (world) => {
      const results: CommandResult[] = [];
      const closes = commands.some(({ kind }) => kind === 'close');
      const shortsFirst = closes ? createShortsFirst({ ...world, pause: world.pause ?? noPause, clock: { now: world.now } }, world.account) : undefined;
      for (const command of commands) {
        if (command.kind === 'close') await shortsFirst?.wait(command.position);
        const result = await performAllowed(world, command, testStep);
        shortsFirst?.note(result);
        results.push(result);
      }
      return results;
    }),
  };
}

const noPause = (): Promise<void> => Promise.resolve();

interface World extends ContextPorts {
  readonly account: RoutedAccount;
  readonly origin: Origin;
  readonly channels: readonly AlertChannel[];
}

async function fetchAll<N extends Needs>(world: World, needs: N): Promise<Data<N>> {
  const asked = Object.entries(needs);
  const results = await Promise.all(asked.map(async ([, need]) => fetchOne(world, need)));
  const found: Record<string, NeedResults[Need['kind']]> = {};
  asked.forEach(([name], index) => { found[name] = results[index]; });
  // The result of each need has the type that NeedResults names for its kind; an object built from entries can not say so.
  return found as Data<N>;
}

function fetchOne(world: World, need: Need): Promise<NeedResults[Need['kind']]> {
  switch (need.kind) {
    case 'tradable': return fetchTradable(world, need);
    case 'tradables': return Promise.all(need.queries.map((query) => fetchTradable(world, query)));
    case 'positions': return fetchPositions(world, need);
    case 'funds': return world.account.broker.funds();
    case 'identity': return Promise.resolve(world.origin);
    case 'none': return Promise.resolve(undefined);
    case 'approval': return fetchApproval(world, need.id);
    case 'performance': return fetchPerformance(world, need);
    case 'quote': return fetchQuote(world, need);
    case 'depth': return fetchDepth(world, need);
    case 'candles': return fetchCandles(world, need);
    case 'series': return fetchSeries(world, need);
    case 'seriesOf': return Promise.all(need.queries.map((query) => fetchSeries(world, query)));
    case 'search': return searchInstruments(world, need);
    case 'accountState': return accountState(world.store, world.account, world.now());
    case 'locks': return world.store.locks({ account: world.origin.account, now: world.now() });
  }
}

/** A strategy trades on what it has asked about, and on nobody else's questions. */
async function fetchApproval({ store, origin, now }: World, id: string): Promise<NeedResults['approval']> {
  const approval = await store.approvals.find(id);
  if (approval?.strategyId !== origin.strategyId) return { now: now() };
  const { answeredBy } = approval;
  return { now: now(), approval, ...(answeredBy === undefined ? {} : { signalId: signalOfAnswer({ id, answeredBy }) }) };
}

function fetchPerformance({ store, origin, market, now }: World, { scope, days }: Extract<Need, { kind: 'performance' }>): Promise<NeedResults['performance']> {
  const from = days === undefined ? {} : { from: indiaMidnight(now()) - (days - 1) * DAY_MS };
  return resultOfJournal(store, { account: origin.account, ...(scope === 'strategy' ? { strategyId: origin.strategyId } : {}), ...from, until: now() + 1, priceOf: (instrument) => market.latest(instrument)?.last });
}

async function fetchTradable(world: World, query: TradableQuery): Promise<Outcome<Tradable>> {
  const { instruments, account, now } = world;
  const resolved = resolveSymbol({ exchange: query.exchange, symbol: query.symbol, at: now(), instruments });
  if (!resolved.ok) return resolved;
  const instrument = resolved.value;
  if (instrument.segment === 'index') return deny('NOT_TRADABLE', `${instrument.key} is an index: it can be quoted, not traded.`, { field: 'symbol', remedy: 'Use its future or an option.' });
  const quote = await newestQuote(world, instrument.key);
  if (quote === undefined) return { ok: true, value: { instrument } };
  const marginOf = ({ instrument: of, price }: { readonly instrument: Instrument; readonly price: Money }): Money => account.broker.marginPerUnit(of, query.product, price);
  const sold = instrument.segment === 'option' ? { marginPerUnitSold: marginOf(soldAsFuture(instrument, quote.last)) } : {};
  return { ok: true, value: { instrument, quote, marginPerUnit: marginOf({ instrument, price: quote.last }), ...sold } };
}

async function fetchPositions(world: World, need: Extract<Need, { kind: 'positions' }>): Promise<readonly PositionView[]> {
  const { store, origin } = world;
  const scope = need.scope === 'strategy' ? { strategyId: origin.strategyId } : {};
  const positions = await store.positions({ account: origin.account, ...scope, openOnly: true });
  const views = await Promise.all(positions.map(async (position) => positionView(position, await newestQuote(world, position.instrument))));
  return views.filter((view) => (need.exchange === undefined || view.exchange === need.exchange) && (need.symbol === undefined || view.symbol === need.symbol));
}

async function performAllowed(world: World, command: Command, testStep: TestStep | undefined): Promise<CommandResult> {
  if (testStep === undefined) return perform(world, command);
  const { config } = world.account;
  return testStepRefusal(config, command, testStep) ?? perform(world, asTestStep(config, command, testStep));
}

async function perform(world: World, command: Command): Promise<CommandResult> {
  const { router, account, origin, channels, store, alerts, now } = world;
  switch (command.kind) {
    case 'place':
      return { kind: 'place', outcomes: await router.placeWish(account, origin, command.request) };
    case 'basket':
      return { kind: 'basket', legs: await router.placeBasket(account, origin, command) };
    case 'modify':
      return { kind: 'modify', outcome: await router.modify(account, origin, command.target, command.change) };
    case 'cancelOrder':
      return { kind: 'cancelOrder', outcome: await router.cancel(account, origin, command.target) };
    case 'recordRefusal':
      await router.recordRefusal(account, origin, command.wish, command.denial);
      return { kind: 'recordRefusal' };
    case 'assess':
      return { kind: 'assess', request: command.request, verdict: await router.assess(account, origin, command.request) };
    case 'close':
      return { kind: 'close', position: command.position, outcomes: await close(world, command) };
    case 'cancelAll':
      return { kind: 'cancelAll', ...(await router.cancelAll(account, origin, command.scope === 'strategy' ? origin.strategyId : undefined)) };
    case 'protect':
      return { kind: 'protect', outcome: asList(await protect(protectionPorts(world), origin, command.position, command.terms, command.quantity)) };
    case 'moveStop':
      return { kind: 'moveStop', outcome: await moveStop(protectionPorts(world), origin, command, command.revision) };
    case 'cancelProtection':
      return { kind: 'cancelProtection', outcome: await cancelProtection(protectionPorts(world), origin, command) };
    case 'killSwitch':
      await store.setKillSwitch({ account: origin.account, on: command.on, ...(command.flatten === undefined ? {} : { flatten: command.flatten }), reason: command.reason, happenedAt: now() });
      return { kind: 'killSwitch', on: command.on };
    case 'rearm':
      await store.rearm({ account: origin.account, happenedAt: now() });
      return { kind: 'rearm' };
    case 'acquireLock':
      return { kind: 'acquireLock', ...(await store.acquireLock({ account: origin.account, name: command.name, owner: origin.signalId, until: now() + command.durationMs, ...(command.reason === undefined ? {} : { reason: command.reason }) }, now())) };
    case 'releaseLock':
      return { kind: 'releaseLock', released: await store.releaseLock({ account: origin.account, name: command.name }) };
    case 'askApproval':
      return { kind: 'askApproval', outcome: await world.approvals.ask(origin, command, channels) };
    case 'backtest':
      // Hosts that have threads for it answer themselves; a flow that is walked starts no walk of its own.
      return { kind: 'backtest', outcome: deny('NOT_SUPPORTED', 'No backtest can be run from here.', { remedy: 'Run it in the editor, or with the command: bellwether backtest.' }) };
    case 'alert':
      return { kind: 'alert', ...(await alerts.raise(origin, { severity: command.severity, message: command.message, channels })) };
  }
}

type CloseCommand = Extract<Command, { kind: 'close' }>;

/** Takes back what rests in the way, unless told to leave it, then closes in orders that each respect the freeze quantity, until one is smaller than that, or not placed. A retry meets the orders it has placed. Product is no field of the intent key, so it is told apart by the leg. */
function close({ router, account, origin, instruments }: World, { position, quantity, keepResting = false, chase }: CloseCommand): Promise<readonly [PlaceResult, ...PlaceResult[]]> {
  const { exchange, symbol, product, strategyId } = position;
  const instrument = instruments.find(instrumentKey(exchange, symbol));
  if (instrument === undefined) return Promise.resolve([{ kind: 'refused', denial: { code: 'UNKNOWN_SYMBOL', message: `${exchange}:${symbol} is held but no longer known.`, field: 'symbol', remedy: 'Add it to the instruments override file, then close again.' } }]);
  const size = { kind: 'exit', ...(quantity === undefined ? {} : { quantity }) } as const;
  const request = { instrument, leg: Product.options.indexOf(product), purpose: 'exit', size, product, orderType: 'MARKET', strategyId } as const;
  return keepResting ? router.placeInSlices(account, origin, request, chase) : router.closeNow(account, origin, request, chase);
}

function protectionPorts({ store, market, log, now }: World): ProtectionCommandPorts {
  return { store, market, log, clock: { now } };
}

function asList<T>(outcome: Outcome<T>): Outcome<readonly T[]> {
  return outcome.ok ? { ok: true, value: [outcome.value] } : outcome;
}
