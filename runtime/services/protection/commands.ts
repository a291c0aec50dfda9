import { deny, ok, type Denial, type Outcome } from '../../domain/denial';
import { digest } from '../../domain/intentKey';
import { instrumentKey, type Exchange, type InstrumentKey } from '../../domain/market';
import { fromMoney, toMoney, type Money } from '../../domain/money';
import type { Origin, Product } from '../../domain/order';
import type { PositionView } from '../../domain/envelope';
import type { Clock, Log, MarketData, Store } from '../../domain/ports';
import { cancelled, checkedTerms, isLive, onFill, reachedLevel, revised, standingProtection, type Protection, type ProtectionRevision, type ProtectionTerms } from '../../domain/protection';
import { newestQuote } from '../marketData/newestQuote';

export interface ProtectionCommandPorts {
  readonly store: Store;
  readonly market: MarketData;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Whose protections of which instrument are meant. */
export interface ProtectionTarget {
  readonly exchange: Exchange;
  readonly symbol: string;
  /** Absent: of every product. */
  readonly product?: Product;
}

/**
 * Protects a position that is there, all of it or a quantity, measured from its average price. It replaces what protected the position before; protections
 * of entries that still rest keep to themselves. The same signal again meets the protection that it made.
 */
export async function protect(ports: ProtectionCommandPorts, origin: Origin, position: PositionView, wished: ProtectionTerms, quantity?: number): Promise<Outcome<Protection>> {
  const { store, clock } = ports;
  const instrument = instrumentKey(position.exchange, position.symbol);
  const id = `pr${digest(['protect', origin.account, origin.strategyId, origin.nodeKey, origin.signalId, position.strategyId, instrument, position.product]).slice(0, 18)}`;
  const known = await store.protections.find(id);
  if (known !== undefined) return ok(known);
  const direction = position.quantity > 0 ? 'LONG' : 'SHORT';
  const covered = Math.min(Math.abs(position.quantity), quantity ?? Infinity);
  const last = await priceOf(ports, instrument);
  const entry = position.averagePrice === undefined ? last : toMoney(position.averagePrice);
  if (covered === 0) return deny('NO_POSITION', `There is no position in ${instrument} to protect.`, { field: 'symbol' });
  if (entry === undefined) return deny('NO_PRICE', `No price is known for ${instrument}.`, { field: 'symbol' });
  const terms = checkedTerms(wished, direction, entry);
  if (!terms.ok) return terms;
  const { account, strategyId, product } = { ...position, account: origin.account };
  const made = standingProtection({ id, account, strategyId, instrument, product, direction, quantity: covered, signalId: origin.signalId, terms: terms.value }, clock.now());
  const { next } = onFill(made, { filled: covered, averagePrice: entry, ended: true }, clock.now());
  const met = last === undefined ? undefined : reachedLevel(next, last);
  if (met !== undefined && last !== undefined) return deny('INVALID_FIELD', `The ${met} would be met at once: the price is ${fromMoney(last)}.`, { field: met, limit: fromMoney(last) });
  const { protection } = await store.protections.create(next);
  for (const earlier of await ofPosition(store, { account, strategyId }, instrument, product)) {
    if (earlier.id !== id && earlier.filled > 0) await store.protections.change({ id: earlier.id, happenedAt: clock.now() }, (current) => cancelled(current, clock.now()));
  }
  return ok(protection);
}

/** Moves the stops (and targets, and trails) of the strategy's protections in an instrument, of one product where it is given. The first that can not be moved is the answer; those before it have moved. */
export async function moveStop(ports: ProtectionCommandPorts, origin: Origin, target: ProtectionTarget, revision: ProtectionRevision): Promise<Outcome<readonly Protection[]>> {
  const { store, clock } = ports;
  const instrument = instrumentKey(target.exchange, target.symbol);
  const price = await priceOf(ports, instrument);
  const found = await ofPosition(store, origin, instrument, target.product);
  if (found.length === 0) return nothingFound(instrument);
  if (price === undefined) return deny('NO_PRICE', `No price is known for ${instrument}.`, { field: 'symbol' });
  const moved: Protection[] = [];
  for (const { id } of found) {
    let denial: Denial | undefined;
    const result = await store.protections.change({ id, happenedAt: clock.now() }, (current) => {
      const outcome = revised(current, revision, price, clock.now());
      if (outcome.ok) return outcome.value;
      denial = outcome.denial;
      return undefined;
    });
    if (denial !== undefined) return { ok: false, denial };
    if ('protection' in result) moved.push(result.protection);
  }
  return ok(moved);
}

/** Takes the strategy's protections in an instrument away. The position stays. */
export async function cancelProtection({ store, clock }: ProtectionCommandPorts, origin: Origin, target: ProtectionTarget): Promise<Outcome<readonly Protection[]>> {
  const instrument = instrumentKey(target.exchange, target.symbol);
  const gone: Protection[] = [];
  for (const { id } of await ofPosition(store, origin, instrument, target.product)) {
    const result = await store.protections.change({ id, happenedAt: clock.now() }, (current) => cancelled(current, clock.now()));
    if ('protection' in result) gone.push(result.protection);
  }
  return gone.length === 0 ? nothingFound(instrument) : ok(gone);
}

function nothingFound(instrument: InstrumentKey): Outcome<never> {
  return deny('NOT_FOUND', `This strategy has no protection in ${instrument}.`, { field: 'symbol', remedy: 'Protect the position first.' });
}

async function ofPosition(store: Store, { account, strategyId }: Pick<Origin, 'account' | 'strategyId'>, instrument: InstrumentKey, product?: Product): Promise<readonly Protection[]> {
  return (await store.protections.live(account)).filter((protection) => isLive(protection) && protection.strategyId === strategyId && protection.instrument === instrument && (product === undefined || protection.product === product));
}

async function priceOf(ports: Pick<ProtectionCommandPorts, 'market' | 'log'>, instrument: InstrumentKey): Promise<Money | undefined> {
  return (await newestQuote(ports, instrument))?.last;
}
