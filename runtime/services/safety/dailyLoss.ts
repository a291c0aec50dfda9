import { dayLoss, percentOfCapital, uncountedCarry } from '../../domain/dayLoss';
import type { InstrumentKey } from '../../domain/market';
import { asMoney, ZERO_MONEY, type Money } from '../../domain/money';
import type { RiskStateRow } from '../../domain/ports';
import type { Position } from '../../domain/position';
import type { IsoDate } from '../../domain/time';
import { alarm } from '../orderRouter/alarm';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';

export type LossVerdict =
  | { readonly kind: 'within' }
  | { readonly kind: 'reached'; readonly loss: number; readonly limit: number }
  /** A price that is too old proves no loss: entries are refused by the gate, and nothing is closed in panic. */
  | { readonly kind: 'unknown'; readonly instrument: string };

/** Whether the day's loss has reached the account's own limit. In rupees. What of it can not be counted is told once a day. */
export async function judgeLoss(ports: Pick<RouterPorts, 'store' | 'market' | 'clock' | 'log'>, account: RoutedAccount, state: RiskStateRow): Promise<LossVerdict> {
  const { config, sessions } = account;
  const { store, market, clock } = ports;
  const now = clock.now();
  const isToday = state.tradingDay === sessions.tradingDay(now);
  const { sum, positions } = await carryIn(ports, account, await store.positions({ account: config.id, openOnly: true }));
  const carried = (isToday ? state.carriedToday ?? 0 : 0) + sum;
  const { loss, missing, leftOut } = dayLoss({
    realisedToday: isToday ? state.realisedToday : ZERO_MONEY, carriedToday: asMoney(carried), positions, quoteOf: (key) => market.latest(key), now, maxQuoteAgeMs: config.limits.maxQuoteAgeMs,
  });
  for (const instrument of leftOut) await tellLeftOut(ports, account, instrument);
  if (missing !== undefined) return { kind: 'unknown', instrument: missing };
  const limit = percentOfCapital(config.capital, config.limits.maxDailyLossPercent);
  return loss >= limit ? { kind: 'reached', loss, limit } : { kind: 'within' };
}

/**
 * Counts what positions from earlier days, and adopted ones, had won or lost by the close before, once a day for each, as soon as that close is known; one that was traded today by then
 * counts from its entry. Answers with what was new, and the positions as they are counted by now.
 */
export async function carryIn({ store, market, clock }: Pick<RouterPorts, 'store' | 'market' | 'clock'>, { sessions }: RoutedAccount, positions: readonly Position[]): Promise<{ readonly sum: number; readonly positions: readonly Position[] }> {
  const now = clock.now();
  const today = sessions.tradingDay(now);
  let sum = 0;
  const counted: Position[] = [];
  for (const position of positions) {
    const carry = uncountedCarry(position, market.latest(position.instrument), today, (at) => sessions.tradingDay(at));
    const isNew = carry !== undefined && await store.carryIn({ position, tradingDay: today, ...carry, happenedAt: now });
    if (isNew) sum += carry.carried;
    counted.push(isNew ? countedAt(position, today, carry.close) : position);
  }
  return { sum, positions: counted };
}

function countedAt({ account, strategyId, instrument, product, quantity, openValue, realisedPnl, charges, updatedAt }: Position, carriedOn: IsoDate, carriedAt: Money): Position {
  return { account, strategyId, instrument, product, quantity, openValue, realisedPnl, charges, updatedAt, carriedOn, carriedAt };
}

function tellLeftOut(ports: Pick<RouterPorts, 'store' | 'clock' | 'log'>, { config, sessions }: RoutedAccount, instrument: InstrumentKey): Promise<void> {
  const day = sessions.tradingDay(ports.clock.now());
  return alarm(ports, {
    key: `day loss without ${instrument} ${day}`, account: config.id, kind: 'health', instrument,
    message: `The day’s loss of account ${config.id} leaves ${instrument} out: it was traded by hand, and there is no fresh price for it.`, facts: { severity: 'warning', day },
  });
}
