import type { AccountConfig } from '../../runtime/domain/account';
import { instrumentKey, type Instrument } from '../../runtime/domain/market';
import { asMoney, toMoney } from '../../runtime/domain/money';
import type { Clock, Log, MarketData, Pause } from '../../runtime/domain/ports';
import { manualMarket, type ManualMarket } from '../../runtime/adapters/ticks/simulated/manualMarket';
import type { Random } from './random';
import { Scheduler } from './scheduler';
import type { Trace } from './trace';
import { Watch } from './watch';

/** Monday, 2 June 2025, 09:45 in India; and, for some worlds, half a minute before intraday positions are squared off. */
const STARTS_AT = Date.UTC(2025, 5, 2, 4, 15);
const NEAR_SQUARE_OFF = Date.UTC(2025, 5, 2, 9, 34, 30);

export const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export const INSTRUMENTS: readonly Instrument[] = [
  { key: instrumentKey('NSE', 'SBIN'), exchange: 'NSE', symbol: 'SBIN', segment: 'cash', base: 'SBIN', lotSize: 1 },
  { key: instrumentKey('NSE', 'TCS'), exchange: 'NSE', symbol: 'TCS', segment: 'cash', base: 'TCS', lotSize: 1 },
  { key: instrumentKey('NFO', 'NIFTY26JUN25FUT'), exchange: 'NFO', symbol: 'NIFTY26JUN25FUT', segment: 'future', base: 'NIFTY', lotSize: 75, freezeQuantity: 1_800, expiry: '2025-06-26' },
];

export interface Tally {
  steps: number;
  intents: number;
  sends: number;
  crashes: number;
  faults: number;
}

/** What everything in one simulated machine shares: chance, time, what is going to happen, and who watches. */
export interface World {
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** The machine's clock; it may be set wrong. True time is the scheduler's. */
  readonly clock: Clock & { shift(ms: number): void };
  readonly market: ManualMarket;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly tally: Tally;
  readonly violations: string[];
  /** Processes that run now, by the name of this life of theirs. */
  readonly alive: Set<string>;
  /** In some worlds brokers keep the stops of protections themselves. */
  readonly holdsStops: boolean;
  /** While calm nothing goes wrong any more: what was begun comes to its end. */
  calm: boolean;
  /** Nothing that repeats itself begins anew any more. */
  ending: boolean;
  /** Whether this goes wrong now. */
  fault(kind: string, probability: number): boolean;
  /** Kills a process at this very moment: whatever it was about to do, or to be told, is lost. */
  crash(life: string, where: string): void;
}

export interface WorldOptions {
  readonly random: Random;
  readonly trace: Trace;
  readonly tally: Tally;
}

export function createWorld({ random, trace, tally }: WorldOptions): World {
  const scheduler = new Scheduler(random, random.chance(0.4) ? NEAR_SQUARE_OFF : STARTS_AT);
  const violations: string[] = [];
  const alive = new Set<string>();
  let shiftMs = 0;
  const world: World = {
    random, scheduler, trace, tally, violations, alive,
    clock: { now: () => scheduler.now + shiftMs, shift: (ms) => { shiftMs += ms; } },
    market: manualMarket(),
    watch: new Watch((message) => {
      violations.push(message);
      trace.add(`VIOLATION ${message}`);
    }),
    holdsStops: random.chance(0.5),
    calm: false,
    ending: false,
    fault(kind, probability) {
      if (world.calm || !random.chance(probability)) return false;
      tally.faults += 1;
      trace.add(`  fault: ${kind}`);
      return true;
    },
    crash(life, where) {
      if (!alive.delete(life)) return;
      tally.crashes += 1;
      scheduler.drop(life);
      trace.add(`  ${life} dies ${where}`);
    },
  };
  for (const instrument of INSTRUMENTS) quote(world, instrument, instrument.segment === 'future' ? 25_000 : 800);
  return world;
}

/** Probability that a process dies at one side of one call of a port. */
const CRASH = 0.002;

/** A call out of a process: it may die before the call is made, or after, with the answer lost. */
export function call<T>(world: World, life: string, what: string, lane: string | undefined, run: () => T | Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    leave(world, life, what, lane, () => {
      void outcomeOf(run).then(
        (value) => { answer(world, life, what, () => { resolve(value); }); },
        (error: unknown) => { answer(world, life, `${what} fails`, () => { reject(asError(error)); }); },
      );
    });
  });
}

/** A request on its way out of a process. */
export function leave(world: World, life: string, what: string, lane: string | undefined, run: () => void): void {
  world.scheduler.add({
    owner: life, what: `${life} ${what}`, ...(lane === undefined ? {} : { lane }),
    run: () => {
      if (world.fault('crash before', CRASH)) world.crash(life, `before ${what}`);
      else run();
    },
  });
}

/** An answer on its way back into a process. */
export function answer(world: World, life: string, what: string, run: () => void, delayMs = 0): void {
  if (!world.alive.has(life)) return;
  world.scheduler.add({
    owner: life, what: `${life} <- ${what}`, delayMs,
    run: () => {
      if (world.fault('crash after', CRASH)) world.crash(life, `after ${what}`);
      else run();
    },
  });
}

async function outcomeOf<T>(run: () => T | Promise<T>): Promise<T> {
  return await run();
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** A wait inside a process. */
export function pauseOf(world: World, life: string): Pause {
  return (ms) => new Promise((resolve) => {
    if (world.alive.has(life)) world.scheduler.add({ owner: life, what: `${life} waited ${ms} ms`, delayMs: ms, run: resolve });
  });
}

/** Prices as a process sees them; asking for one is a call like any other. */
export function marketOf(world: World, life: string): MarketData {
  return {
    quote: (instrument) => call(world, life, 'market.quote', undefined, () => {
      if (world.fault('no market data', 0.005)) throw new Error('the market data source does not answer');
      return world.market.latest(instrument);
    }),
    latest: (instrument) => world.market.latest(instrument),
    subscribe: (instrument, listener) => world.market.subscribe(instrument, (latest) => (world.alive.has(life) ? listener(latest) : undefined)),
  };
}

/** A new price, in rupees. */
export function quote(world: World, { key }: Instrument, rupees: number): void {
  const last = toMoney(rupees);
  world.market.set({ instrument: key, bid: asMoney(last - 500), ask: asMoney(last + 500), last, at: world.clock.now() });
}

/** What a simulated machine is told of one account. */
export interface SimulatedAccount {
  readonly config: AccountConfig;
  /** The broker is part of the process, as the paper broker is: no network, and a look proves absence. */
  readonly local: boolean;
}
