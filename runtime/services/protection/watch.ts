import type { Fence } from '../../domain/lease';
import type { Instrument, Quote } from '../../domain/market';
import { onClock, onExitReport, onHolder, onPosition, onPrice, onRoom, netClosed, actionsOf, RULES, type PlanRules, type Protection, type ProtectionAction, type Reduced, type StopRoom } from '../../domain/protection';
import type { Position } from '../../domain/position';
import type { EpochMs } from '../../domain/time';
import type { RoutedAccount } from '../orderRouter/ports';
import { ASK_AGAIN_MS, MAX_WAITING_EVENTS } from './limits';
import { lookForRoom } from './lookForRoom';
import { perform } from './perform';
import type { ProtectionPorts } from './ports';
import { reportOf } from './reportOf';

/** One protection as its owner watches it. */
export interface Watch {
  /** Looks at everything but the price: the protection as it is stored, its orders, the clock, the account's positions as they were after `stored` was read, and what its stop at the broker may rest with. */
  look(stored: Protection, positions: readonly Position[], room: StopRoom | undefined): void;
  /** Something of it changed in the journal. */
  refresh(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  leave(): void;
}

export interface WatchOptions {
  readonly ports: ProtectionPorts;
  readonly protection: Protection;
  readonly fence: () => Fence | undefined;
  /** Somebody else holds the lease. */
  readonly onLeaseLost: () => void;
}

type Event = (current: Protection) => Reduced;

/**
 * Turns prices, time and reports into changes of the stored protection, and carries out what a change calls for only when it is durable.
 * A price that changes nothing is dropped at once, by the state as it was seen last; what matters is decided on the stored state.
 */
export function createWatch({ ports, protection, fence, onLeaseLost }: WatchOptions): Watch {
  const { store, clock, log, market, accounts } = ports;
  /** As it is stored; what it calls for may be done. */
  let durable = protection;
  /** The same with what waits to be written: what a price is judged by at once. */
  let seen = protection;
  let account: RoutedAccount | undefined;
  let instrument: Instrument | undefined;
  let waiting: Event[] = [];
  let running: Promise<void> | undefined;
  let left = false;
  let isBroken = false;
  let again = false;
  const asked = new Map<string, EpochMs>();

  const rules = (): PlanRules => ({ ...RULES, maxOrderQuantity: largestOrder(instrument), marketOpen: isOpen() });
  const isOpen = (): boolean => account !== undefined && instrument !== undefined && account.sessions.isOpen(instrument, clock.now());

  function push(event: Event): void {
    const preview = event(seen);
    if (!preview.changed) return;
    if (waiting.length >= MAX_WAITING_EVENTS && preview.next.status === seen.status) return;
    seen = preview.next;
    waiting.push(event);
    run();
  }

  /** A recording waits for what a price leads to. */
  function onQuote({ last, at }: Quote): Promise<void> | undefined {
    if (left || account === undefined || !isOpen()) return undefined;
    const { config: { limits } } = account;
    const now = clock.now();
    push((current) => onPrice(current, { last, at }, now, limits.maxQuoteAgeMs, rules()));
    return running;
  }

  function run(): void {
    running ??= work().catch((error: unknown) => {
      isBroken = true;
      log.error({ protection: protection.id, err: error }, 'a protection could not be carried on; it is tried again at the next look');
    }).finally(() => {
      running = undefined;
      if (!left && !isBroken && waiting.length > 0) run();
      else readAgain();
    });
  }

  async function work(): Promise<void> {
    while (!left) {
      const events = waiting;
      waiting = [];
      if (events.length > 0 && !(await write(events))) return;
      const action = nextAction();
      if (action === undefined && waiting.length === 0) return;
      if (action !== undefined && !(await carryOut(action))) return;
    }
  }

  /** False when the lease is lost. Events that could not be written wait for the next look. */
  async function write(events: readonly Event[]): Promise<boolean> {
    const held = fence();
    if (held === undefined) return lost();
    const result = await store.protections.change({ id: protection.id, fence: held, happenedAt: clock.now() }, (current) => {
      const notices: Reduced['notices'][number][] = [];
      const next = events.reduce((state, event) => {
        const reduced = event(state);
        notices.push(...reduced.notices);
        return reduced.next;
      }, current);
      return next === current ? undefined : { next, notices };
    }).catch((error: unknown) => {
      waiting = [...events, ...waiting];
      throw error;
    });
    if (!('protection' in result)) return lost();
    know(result.protection);
    return true;
  }

  function know(stored: Protection): void {
    durable = stored;
    seen = waiting.reduce((state, event) => event(state).next, stored);
  }

  function lost(): false {
    onLeaseLost();
    return false;
  }

  function nextAction(): ProtectionAction | undefined {
    const now = clock.now();
    return actionsOf(durable).find((action) => now - (asked.get(nameOf(action)) ?? -Infinity) >= ASK_AGAIN_MS);
  }

  async function carryOut(action: ProtectionAction): Promise<boolean> {
    const held = fence();
    if (held === undefined) return lost();
    asked.set(nameOf(action), clock.now());
    const performed = await accounts.use(protection.account, (routed) => {
      if (instrument === undefined) throw new Error(`${protection.instrument} is no longer known.`);
      return perform({ ports, account: routed, instrument, fence: held }, durable, action);
    });
    if (performed.kind === 'leaseLost') return lost();
    if (performed.kind === 'report') push((current) => onExitReport(current, performed.report, clock.now(), rules()));
    return true;
  }

  async function gather(stored: Protection, positions: readonly Position[], room: StopRoom | undefined): Promise<void> {
    isBroken = false;
    if (running === undefined) know(stored);
    await accounts.use(protection.account, (routed) => {
      account = routed;
      return Promise.resolve();
    });
    instrument = ports.instruments.find(protection.instrument, clock.now());
    if (instrument === undefined) throw new Error(`${protection.instrument} is not known, so that its position can not be protected.`);
    push((current) => onHolder(current, { held: isHolder(), isNewDay: isNewDay(current) }, clock.now()));
    await hearOfSteps();
    push((current) => onPosition(current, { open: openIn(stored, positions), filled: stored.filled }, clock.now(), rules()));
    seeRoom(room ?? (isRoomOld(seen) ? await lookForRoom(store, protection.id) : undefined));
    if (isOpen()) push((current) => onClock(current, clock.now(), rules()));
    const newest = market.latest(protection.instrument);
    if (newest !== undefined) void onQuote(newest);
    run();
  }

  /** What the journal knows of the orders of this protection by now. */
  async function hearOfSteps(): Promise<void> {
    for (const { step } of durable.steps) {
      const performed = instrument === undefined || account === undefined ? undefined : await reportOf({ ports, account, instrument }, durable, step);
      if (performed?.kind === 'report') push((current) => onExitReport(current, performed.report, clock.now(), rules()));
    }
  }

  /** Where deliveries are missing from the broker's positions nobody could tell, after a night, what became of a stop of theirs. */
  function isHolder(): boolean {
    const broker = account?.broker;
    const { heldStops, positionsCoverHoldings } = broker?.capabilities ?? {};
    return heldStops === true && broker?.modify !== undefined && (protection.product !== 'CNC' || positionsCoverHoldings === true);
  }

  function isNewDay({ lostAt }: Protection): boolean {
    return account !== undefined && lostAt !== undefined && account.sessions.tradingDay(lostAt) < account.sessions.tradingDay(clock.now());
  }

  /** A stop at the broker never rests with more than there is. */
  function seeRoom(room: StopRoom | undefined): void {
    if (room !== undefined) push((current) => onRoom(current, room, clock.now(), rules()));
  }

  /** What has filled since the last look changes what a stop may rest with. */
  function isRoomOld({ held, seen: looked, filled, steps }: Protection): boolean {
    return held && (looked === undefined || looked.filled !== filled || looked.closed !== netClosed({ steps }));
  }

  async function reread(): Promise<void> {
    const stored = await store.protections.find(protection.id);
    if (stored === undefined || running !== undefined || left) return;
    know(stored);
    await hearOfSteps();
    if (isRoomOld(seen)) seeRoom(await lookForRoom(store, protection.id));
    push((current) => onClock(current, clock.now(), rules()));
    run();
  }

  /** Something was written while this one was busy. */
  function readAgain(): void {
    if (!again || left || running !== undefined || looking !== undefined) return;
    again = false;
    watch.refresh();
  }

  function doneLooking(): void {
    looking = undefined;
    readAgain();
  }

  let looking: Promise<void> | undefined;
  const leaveMarket = market.subscribe(protection.instrument, onQuote);
  const watch: Watch = {
    look(stored, positions, room) {
      if (left) return;
      looking ??= gather(stored, positions, room).catch((error: unknown) => log.error({ protection: protection.id, err: error }, 'a protection could not be looked at; it is tried again at the next look')).finally(doneLooking);
    },
    refresh() {
      if (left) return;
      again = running !== undefined || looking !== undefined;
      if (again) return;
      looking = reread().catch((error: unknown) => log.error({ protection: protection.id, err: error }, 'a protection could not be read again')).finally(doneLooking);
    },
    async idle() {
      for (let turns = 0; (looking !== undefined || running !== undefined) && turns < 1_000; turns += 1) await Promise.all([looking, running]);
    },
    leave() {
      left = true;
      leaveMarket();
    },
  };
  return watch;
}

/** A trail moves its stop at the broker from time to time; one that has to be smaller is made so at once. */
function nameOf(action: ProtectionAction): string {
  return action.kind === 'place' ? `place ${action.step.step}` : action.kind === 'cancel' ? `cancel ${action.step}` : `move ${action.step} ${action.quantity}`;
}

function largestOrder(instrument: Instrument | undefined): number {
  if (instrument?.freezeQuantity === undefined) return Infinity;
  return Math.max(1, Math.floor(instrument.freezeQuantity / instrument.lotSize)) * instrument.lotSize;
}

/** Units of the strategy's position in the protected direction. */
function openIn({ strategyId, instrument, product, direction }: Protection, positions: readonly Position[]): number {
  const held = positions.find((position) => position.strategyId === strategyId && position.instrument === instrument && position.product === product)?.quantity ?? 0;
  return direction === 'LONG' ? held : -held;
}
