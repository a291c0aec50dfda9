import type { AccountConfig } from '../runtime/domain/account';
import { stopsEntries } from '../runtime/domain/ledger/difference';
import type { InstrumentKey } from '../runtime/domain/market';
import { fromMoney } from '../runtime/domain/money';
import type { Order } from '../runtime/domain/order';
import type { RiskStateRow, Store } from '../runtime/domain/ports';
import type { Position } from '../runtime/domain/position';
import { indiaDate } from '../runtime/domain/session';
import type { EpochMs } from '../runtime/domain/time';

/**
 * One control with its limit, what of it is used and what is left, in the control's own unit; null where it has no such thing.
 * `state`: ok, reached (nothing more is admitted), on (a switch or a latch that stops entries since `since`) or off.
 */
export interface RiskRow {
  readonly account: string;
  /** Null for a limit of the whole account. */
  readonly strategy: string | null;
  readonly instrument: string | null;
  readonly control: string;
  readonly unit: string | null;
  readonly limit: number | null;
  readonly used: number | null;
  readonly rest: number | null;
  readonly state: 'ok' | 'reached' | 'on' | 'off';
  readonly since: EpochMs | null;
}

export interface RiskRequest {
  readonly now: EpochMs;
  readonly account?: string;
  readonly strategy?: string;
}

interface Facts {
  readonly config: AccountConfig;
  readonly risk: RiskStateRow;
  readonly today: boolean;
  readonly positions: readonly Position[];
  readonly open: readonly Order[];
  readonly differences: number;
}

/** Limits of accounts and of what their strategies hold, as the gate will judge the next order. Prices are not known here: losses of open positions are not counted. */
export async function riskRows(store: Store, { now, account, strategy }: RiskRequest): Promise<readonly RiskRow[]> {
  const accounts = (await store.accounts()).filter(({ id }) => account === undefined || id === account);
  if (account !== undefined && accounts.length === 0) throw new Error(`There is no account "${account}".`);
  const rows: RiskRow[] = [];
  for (const config of accounts) {
    const risk = await store.riskState(config.id);
    const facts: Facts = {
      config, risk, today: risk.tradingDay === indiaDate(now), positions: await store.positions({ account: config.id, openOnly: true }), open: await store.openOrders(config.id),
      differences: (await store.differences.list({ account: config.id, openOnly: true, limit: 10_000 })).filter(stopsEntries).length,
    };
    rows.push(...(strategy === undefined ? accountRows(facts) : []), ...strategyRows(facts).filter((row) => strategy === undefined || row.strategy === strategy));
  }
  return rows;
}

function accountRows({ config, risk, today, positions, open, differences }: Facts): readonly RiskRow[] {
  const { id, limits, capital } = config;
  const base = { account: id, strategy: null, instrument: null };
  const loss = today ? Math.max(0, -fromMoney(risk.realisedToday)) : 0;
  const used = new Set<string>([...positions.map(({ instrument }) => instrument), ...open.filter(({ purpose, quantity, filledQuantity }) => purpose === 'entry' && quantity > filledQuantity).map(({ instrument }) => instrument)]);
  const unknown = open.filter(({ status }) => status === 'UNKNOWN').length;
  return [
    { ...base, control: 'kill switch', ...switched(risk.killSwitch, risk.killedAt) },
    { ...base, control: 'daily loss stop', ...switched(risk.lossLatchedAt !== undefined, risk.lossLatchedAt) },
    { ...base, control: 'max daily loss', ...measured('rupees', round(capital * limits.maxDailyLossPercent / 100), round(loss)) },
    { ...base, control: 'max daily orders', ...measured('orders', limits.maxDailyOrders, today ? risk.ordersToday : 0) },
    { ...base, control: 'max open positions', ...measured('instruments', limits.maxOpenPositions, used.size) },
    { ...base, control: 'differences', ...measured('differences', 0, differences) },
    { ...base, control: 'orders of unknown outcome', ...measured('orders', 0, unknown) },
    { ...base, control: 'max order quantity', ...measured('units', limits.maxOrderQuantity, null) },
    { ...base, control: 'max order value', ...measured('rupees', round(capital * limits.maxOrderValuePercent / 100), null) },
    { ...base, control: 'price collar', ...measured('percent', limits.priceCollarPercent, null) },
    { ...base, control: 'repeat cool-down', ...measured('seconds', limits.cooldownMs / 1000, null) },
    ...[...used].sort().map((instrument): RiskRow => ({ ...base, instrument, control: 'max symbol exposure', ...measured('units', limits.maxSymbolExposure, exposure(positions, open, (entry) => entry.instrument === instrument)) })),
  ];
}

function strategyRows({ config: { id, limits }, positions, open }: Facts): readonly RiskRow[] {
  const shares = new Map([...positions, ...open].map((entry) => [`${entry.strategyId} ${entry.instrument} ${entry.product}`, entry]));
  return [...shares].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, share]) => ({
    account: id, strategy: share.strategyId, instrument: `${share.instrument} ${share.product}`, control: 'max position',
    ...measured('units', limits.maxPosition, exposure(positions, open, (entry) => entry.strategyId === share.strategyId && entry.instrument === share.instrument && entry.product === share.product)),
  }));
}

/** Largest absolute position that could come of what is held and what is on its way. */
function exposure(positions: readonly Position[], open: readonly Order[], concerns: (entry: { readonly strategyId: string; readonly instrument: InstrumentKey; readonly product: string }) => boolean): number {
  const held = positions.filter(concerns).reduce((sum, { quantity }) => sum + quantity, 0);
  const pending = (action: Order['action']): number => open.filter((order) => order.action === action && concerns(order)).reduce((sum, { quantity, filledQuantity }) => sum + Math.max(0, quantity - filledQuantity), 0);
  return Math.max(Math.abs(held + pending('BUY')), Math.abs(held - pending('SELL')));
}

function measured(unit: string, limit: number, used: number | null): Pick<RiskRow, 'unit' | 'limit' | 'used' | 'rest' | 'state' | 'since'> {
  const isReached = used !== null && (limit === 0 ? used > 0 : used >= limit);
  return { unit, limit, used, rest: used === null ? null : round(Math.max(0, limit - used)), state: isReached ? 'reached' : 'ok', since: null };
}

function switched(isOn: boolean, since: EpochMs | undefined): Pick<RiskRow, 'unit' | 'limit' | 'used' | 'rest' | 'state' | 'since'> {
  return { unit: null, limit: null, used: null, rest: null, state: isOn ? 'on' : 'off', since: isOn ? since ?? null : null };
}

/** To the paisa. */
function round(rupees: number): number {
  return Math.round(rupees * 100) / 100;
}
