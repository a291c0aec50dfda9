import { ok } from '../../domain/denial';
import { shareOut } from '../../domain/ledger/shareOut';
import type { Instrument } from '../../domain/market';
import { asMoney, fromMoney, ZERO_MONEY } from '../../domain/money';
import type { Fill } from '../../domain/order';
import { brokerSquareOffAt } from '../../domain/paper';
import { unrealisedPnl, type Position } from '../../domain/position';
import type { Broker, Instruments, MarketData } from '../../domain/ports';
import { squareOffAt } from '../../domain/safety';
import { indiaDate, indiaMidnight, type TradingCalendar } from '../../domain/session';
import { MINUTE_MS, type EpochMs } from '../../domain/time';
import type { RoutedAccount } from '../../services/orderRouter/ports';
import type { ProtectionKeeper } from '../../services/protection';
import { isTradingTime } from '../../services/reconcile';
import type { Look, VirtualStore, Work } from '../../services/replay';
import type { Safety } from '../../services/safety';

export interface MarkOptions {
  readonly store: VirtualStore;
  readonly calendar: TradingCalendar;
  readonly atTime: (due: EpochMs, work: Work) => () => void;
  /** The same for what mostly finds nothing to do. */
  readonly lookAt: (due: EpochMs, look: Look) => () => void;
  readonly now: () => EpochMs;
  readonly protection: Pick<ProtectionKeeper, 'look' | 'idle'>;
  readonly safety: Pick<Safety, 'round'>;
  readonly account: RoutedAccount;
  readonly market: Pick<MarketData, 'latest'>;
  readonly instruments: Instruments;
  /** The broker that looks at its day by itself when its lists are asked for. */
  readonly paper: Broker;
  /** Takes what the broker closed by itself. */
  readonly adopted: AdoptedTrade[];
}

/** A share of what the broker closed by itself: an intraday position at its own square-off, a contract that has expired. */
export interface AdoptedTrade extends Pick<Position, 'strategyId' | 'instrument' | 'product'> {
  readonly fill: Fill;
  readonly action: 'BUY' | 'SELL';
  readonly by: 'square-off' | 'expiry';
}

const SAFETY_MS = 5 * MINUTE_MS;
/** The part of the day's loss limit from which on it is judged exactly. */
const NEAR = 0.5;

/** What a runtime does every few seconds is done at marks of the virtual time: every minute for what is protected, every five for the safety of the account. Marks at which there is nothing to look at are not planned. */
export function createMarks({ store, calendar, atTime, lookAt, now, protection, safety, account, market, instruments, paper, adopted }: MarkOptions): { plan(): void } {
  const isTime = isTradingTime(calendar);
  const planned = { safety: false, protection: false };
  const next = (everyMs: number): EpochMs => (Math.floor(now() / everyMs) + 1) * everyMs;

  /** The broker does what is due when it is asked what it holds: where that is not what the strategies hold, it has closed something by itself. */
  async function hasClosed(): Promise<boolean> {
    const listed = await paper.positions?.() ?? ok([]);
    const units = new Map<string, number>();
    for (const { instrument, product, quantity } of store.rows.held.values()) units.set(`${product} ${instrument}`, (units.get(`${product} ${instrument}`) ?? 0) + quantity);
    for (const { instrument, product, quantity } of listed.ok ? listed.value : []) units.set(`${product} ${instrument}`, (units.get(`${product} ${instrument}`) ?? 0) - quantity);
    return [...units.values()].some((difference) => difference !== 0);
  }

  /** False only where nothing can be due: far from the day's loss, no time to square off, nothing of an earlier day, no switch that asks for a flat account. In doubt it is looked. */
  function isWorthALook(): boolean {
    const { rows } = store;
    const at = now();
    const today = indiaMidnight(at);
    if (rows.risk.flatten === true || rows.risk.lossLatchedAt !== undefined || account.config.marketHours === 'always') return true;
    let pnl = rows.risk.tradingDay === indiaDate(at) ? rows.risk.realisedToday : 0;
    for (const position of rows.held.values()) {
      const quote = market.latest(position.instrument);
      const instrument = instruments.find(position.instrument);
      if (quote === undefined || instrument === undefined || instrument.expiry !== undefined || position.updatedAt < today || isDue(instrument, position.product, at)) return true;
      pnl += unrealisedPnl(position, quote.last);
    }
    for (const order of rows.open.values()) {
      const instrument = instruments.find(order.instrument);
      if (instrument === undefined || order.recordedAt < today || isDue(instrument, order.product, at)) return true;
    }
    return -fromMoney(asMoney(pnl)) >= (account.config.capital * account.config.limits.maxDailyLossPercent) / 100 * NEAR;
  }

  function isDue(instrument: Instrument, product: Position['product'], at: EpochMs): boolean {
    const from = squareOffAt(account.config.safety, calendar, instrument, product, at) ?? brokerSquareOffAt(calendar, instrument, product, at);
    return from !== undefined && at >= from;
  }

  const known = new Set<string>();
  /** What the broker did of itself is booked to the strategies that held it. */
  async function adopt(): Promise<void> {
    const listed = await paper.orders?.() ?? ok([]);
    for (const order of listed.ok ? listed.value : []) {
      const { brokerOrderId, instrument, product = 'MIS', action, filledQuantity = 0, averagePrice, charges = ZERO_MONEY } = order;
      if (order.orderId !== undefined || averagePrice === undefined || known.has(brokerOrderId)) continue;
      known.add(brokerOrderId);
      const held = store.rows.listPositions({ openOnly: true }).filter((position) => position.instrument === instrument && position.product === product);
      for (const part of shareOut(held, action === 'BUY' ? filledQuantity : -filledQuantity)) {
        const quantity = Math.abs(part.quantity);
        const fill: Fill = { orderId: brokerOrderId, tradeId: `${brokerOrderId} ${part.strategyId}`, quantity, price: averagePrice, charges: asMoney(Math.round((charges * quantity) / filledQuantity)), happenedAt: now() };
        store.rows.book({ account: account.config.id, strategyId: part.strategyId, instrument, product }, action, fill);
        adopted.push({ strategyId: part.strategyId, instrument, product, action, fill, by: brokerOrderId.startsWith('settlement') ? 'expiry' : 'square-off' });
      }
    }
  }

  async function keepSafe(): Promise<void> {
    if (await hasClosed()) await adopt();
    await safety.round(account);
  }

  return {
    plan() {
      if (!planned.safety && (store.rows.held.size > 0 || store.rows.open.size > 0 || store.rows.risk.flatten === true)) {
        planned.safety = true;
        lookAt(next(SAFETY_MS), () => {
          planned.safety = false;
          return isTime(now()) && isWorthALook() ? keepSafe() : undefined;
        });
      }
      if (!planned.protection && store.protections.hasLive) {
        planned.protection = true;
        atTime(next(MINUTE_MS), async () => {
          planned.protection = false;
          if (!isTime(now())) return;
          await protection.look();
          await protection.idle();
        });
      }
    },
  };
}
