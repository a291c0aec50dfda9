import { asMoney, ZERO_MONEY, type Money } from '../../../domain/money';
import type { Clock, RiskStateRow } from '../../../domain/ports';
import type { EpochMs, IsoDate } from '../../../domain/time';
import { RiskEventRow, RiskRow, type RiskEventKind } from '../rows';
import type { Events } from './events';
import type { Param, Statements } from './statements';

export type Risk = ReturnType<typeof createRisk>;

/** The counters of one exchange day. */
export interface DayCounters {
  readonly ordersToday: number;
  readonly realisedToday: Money;
  /** Absent: nothing was carried into the day. */
  readonly carriedToday?: Money;
}

/** Kill switch, daily-loss latch and daily counters of accounts. Every method runs inside one write operation or read. */
export function createRisk(statements: Statements, clock: Clock, events: Events) {
  const byAccount = statements.query('riskState', RiskRow.omit({ happenedAt: true, recordedAt: true }), (db, p: Param<{ account: string }>) => db.selectFrom('riskState').selectAll().where('account', '=', p('account')));
  const put = statements.insert('riskState', RiskRow, ['account']);
  const insertEvent = statements.insert('riskEvents', RiskEventRow);

  function state(account: string): RiskStateRow {
    return byAccount.one({ account }) ?? { account, killSwitch: false, ordersToday: 0, realisedToday: ZERO_MONEY };
  }

  function record(account: string, kind: RiskEventKind, happenedAt: EpochMs, detail?: string): void {
    insertEvent({ account, kind, ...(detail === undefined ? {} : { detail }), happenedAt, recordedAt: clock.now() });
  }

  function write(row: RiskStateRow, happenedAt: EpochMs): void {
    const { flatten, ...rest } = row;
    put({ ...rest, killSwitch: row.killSwitch ? 1 : 0, ...(flatten === undefined ? {} : { flatten: flatten ? 1 : 0 }), happenedAt, recordedAt: clock.now() });
  }

  function tell(account: string, kind: 'killSwitch' | 'rearmed' | 'dailyLoss', happenedAt: EpochMs, message: string): void {
    events.add({ key: events.nextKey(kind), account, kind, message, facts: {}, happenedAt });
  }

  /** Adds to the day's counters; a later day starts them anew, an earlier one (a clock that stepped back) counts to the day that is open. */
  function count(account: string, tradingDay: IsoDate, happenedAt: EpochMs, more: Partial<DayCounters>): void {
    const before = state(account);
    const rolls = before.tradingDay === undefined || tradingDay > before.tradingDay;
    if (rolls && before.tradingDay !== undefined) record(account, 'DAY_ROLLED', happenedAt, JSON.stringify({ tradingDay: before.tradingDay, ordersToday: before.ordersToday, realisedToday: before.realisedToday }));
    const { ordersToday, realisedToday, carriedToday = ZERO_MONEY } = countersOf(before, tradingDay);
    const carried = asMoney(carriedToday + (more.carriedToday ?? 0));
    write({
      account, killSwitch: before.killSwitch, ...ofSwitch(before), ...(before.tradingDay === undefined ? {} : { tradingDay: before.tradingDay }), ...(carried === 0 ? {} : { carriedToday: carried }),
      ...(rolls ? { tradingDay } : {}),
      ordersToday: ordersToday + (more.ordersToday ?? 0),
      realisedToday: asMoney(realisedToday + (more.realisedToday ?? 0)),
    }, happenedAt);
  }

  return {
    state,
    record,
    countOrder: (account: string, tradingDay: IsoDate, happenedAt: EpochMs): void => count(account, tradingDay, happenedAt, { ordersToday: 1 }),
    addRealised: (account: string, tradingDay: IsoDate, happenedAt: EpochMs, realisedToday: Money): void => count(account, tradingDay, happenedAt, { realisedToday }),

    addCarried: (account: string, tradingDay: IsoDate, happenedAt: EpochMs, carriedToday: Money): void => count(account, tradingDay, happenedAt, { carriedToday }),

    setKillSwitch({ account, on, flatten = false, happenedAt, reason }: { account: string; on: boolean; flatten?: boolean; happenedAt: EpochMs; reason?: string }): void {
      const { killedAt, flatten: flattens = false, ...before } = state(account);
      const wantsFlat = on && (flatten || (before.killSwitch && flattens));
      write({ ...before, killSwitch: on, ...(wantsFlat ? { flatten: true } : {}), ...(on ? { killedAt: before.killSwitch ? killedAt ?? happenedAt : happenedAt } : {}) }, happenedAt);
      record(account, on ? 'KILL_SWITCH_ON' : 'KILL_SWITCH_OFF', happenedAt, flatten ? `${reason ?? ''} (flatten)`.trim() : reason);
      if (on === before.killSwitch) return;
      const because = reason === undefined ? '.' : `: ${reason}`;
      if (on) tell(account, 'killSwitch', happenedAt, `The kill switch of account ${account} is on${because}`);
      else tell(account, 'rearmed', happenedAt, `The kill switch of account ${account} is off${because}`);
    },

    latchLoss(account: string, happenedAt: EpochMs, reason: string): void {
      const before = state(account);
      if (before.lossLatchedAt !== undefined) return;
      write({ ...before, lossLatchedAt: happenedAt }, happenedAt);
      record(account, 'LOSS_LATCHED', happenedAt, reason);
      tell(account, 'dailyLoss', happenedAt, `The day’s loss limit of account ${account} is reached: ${reason}`);
    },

    rearm({ account, happenedAt }: { account: string; happenedAt: EpochMs }): void {
      const { ordersToday, realisedToday, carriedToday, tradingDay, killSwitch, lossLatchedAt } = state(account);
      write({ account, killSwitch: false, ordersToday, realisedToday, ...(carriedToday === undefined ? {} : { carriedToday }), ...(tradingDay === undefined ? {} : { tradingDay }) }, happenedAt);
      record(account, 'REARMED', happenedAt);
      if (killSwitch || lossLatchedAt !== undefined) tell(account, 'rearmed', happenedAt, `Account ${account} takes orders again: it was re-armed.`);
    },
  };
}

/** What counters leave alone. */
function ofSwitch({ killedAt, flatten, lossLatchedAt }: RiskStateRow): Pick<RiskStateRow, 'killedAt' | 'flatten' | 'lossLatchedAt'> {
  return { ...(killedAt === undefined ? {} : { killedAt }), ...(flatten === undefined ? {} : { flatten }), ...(lossLatchedAt === undefined ? {} : { lossLatchedAt }) };
}

/** The counters as they count on `tradingDay`: nothing when the stored ones are of an earlier day. */
export function countersOf(row: RiskStateRow, tradingDay: IsoDate): DayCounters {
  const isOver = row.tradingDay !== undefined && tradingDay > row.tradingDay;
  return isOver ? { ordersToday: 0, realisedToday: ZERO_MONEY } : { ordersToday: row.ordersToday, realisedToday: row.realisedToday, ...(row.carriedToday === undefined ? {} : { carriedToday: row.carriedToday }) };
}
