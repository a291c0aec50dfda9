import { clientOf, isLive } from '../../domain/account';
import type { AccountState, LimitUse } from '../../domain/accountState';
import { stopsEntries } from '../../domain/ledger/difference';
import { fromMoney } from '../../domain/money';
import type { Store } from '../../domain/ports';
import type { EpochMs } from '../../domain/time';
import type { RoutedAccount } from '../orderRouter/ports';

/** Differences that are counted at most. */
const MOST = 10_000;

/** Reads what the gate will judge the next entry of an account by. */
export async function accountState(store: Store, { config, sessions }: Pick<RoutedAccount, 'config' | 'sessions'>, now: EpochMs): Promise<AccountState> {
  const { id: account, broker, limits, capital } = config;
  const risk = await store.riskState(account);
  const isToday = risk.tradingDay === sessions.tradingDay(now);
  const positions = await store.positions({ account, openOnly: true });
  const orders = await store.openOrders(account);
  const open = new Set([...positions, ...orders.filter(({ purpose }) => purpose === 'entry')].map(({ instrument }) => instrument));
  const arming = await store.arming.state(account);
  const live = isLive(config);
  const facts = {
    account, broker, live, armed: arming?.kind === 'armed' && arming.client === clientOf(config), killSwitch: risk.killSwitch,
    ...(risk.lossLatchedAt === undefined ? {} : { lossLatchedAt: risk.lossLatchedAt }),
    dailyLoss: used((capital * limits.maxDailyLossPercent) / 100, isToday ? Math.max(0, -fromMoney(risk.realisedToday)) : 0),
    dailyOrders: used(limits.maxDailyOrders, isToday ? risk.ordersToday : 0),
    openPositions: used(limits.maxOpenPositions, open.size),
    differences: (await store.differences.list({ account, openOnly: true, limit: MOST })).filter(stopsEntries).length,
    unknownOrders: orders.filter(({ status }) => status === 'UNKNOWN').length,
  };
  return { ...facts, stops: stopsOf(facts) };
}

function used(limit: number, amount: number): LimitUse {
  const [whole, part] = [limit, amount].map((value) => Math.round(value * 100) / 100);
  return { limit: whole ?? limit, used: part ?? amount, rest: Math.max(0, Math.round((limit - amount) * 100) / 100) };
}

function stopsOf({ live, armed, killSwitch, lossLatchedAt, dailyLoss, dailyOrders, openPositions, differences, unknownOrders }: Omit<AccountState, 'stops'>): readonly string[] {
  return [
    [live && !armed, 'The account is live and not armed.'],
    [killSwitch, 'The kill switch is on.'],
    [lossLatchedAt !== undefined, 'The daily loss limit was reached and not re-armed.'],
    [dailyLoss.rest === 0, 'The day’s loss is used up.'],
    [dailyOrders.rest === 0, 'The day’s orders are used up.'],
    [openPositions.rest === 0, 'No further instrument may be opened.'],
    [live && differences > 0, `The broker and the journal differ in ${differences === 1 ? 'a place' : `${differences} places`}.`],
    [unknownOrders > 0, `The outcome of ${unknownOrders === 1 ? 'an order' : `${unknownOrders} orders`} is not known.`],
  ].flatMap(([stops, sentence]) => (stops === true && typeof sentence === 'string' ? [sentence] : []));
}
