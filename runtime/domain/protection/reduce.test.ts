import fc from 'fast-check';
import type { DenialCode } from '../denial';
import { instrumentKey } from '../market';
import { toMoney, type Money } from '../money';
import {
  canTurn, checkedTerms, closedQuantity, excessQuantity, gainAt, onClock, onExitReport, onFill, onPosition, onPrice, onRoom, pendingProtection, remainingQuantity, RULES,
  type Direction, type Protection, type ProtectionTerms, type Reduced,
} from './index';

const T0 = 1_000_000;
const FRESH_MS = 5_000;
const ENTRY = toMoney(100);
const points = (rupees: number) => ({ by: 'points' as const, points: toMoney(rupees) });

function pending(terms: ProtectionTerms, direction: Direction = 'LONG', quantity = 10): Protection {
  return pendingProtection({ id: 'p', account: 'paper', strategyId: 's', instrument: instrumentKey('NSE', 'SBIN'), product: 'MIS', direction, quantity, signalId: 's1', terms }, { id: 'o1' }, T0);
}

function active(terms: ProtectionTerms, direction: Direction = 'LONG', quantity = 10): Protection {
  return onFill(pending(terms, direction, quantity), { filled: quantity, averagePrice: ENTRY, ended: true }, T0).next;
}

const at = (protection: Protection, rupees: number, now = T0): Reduced => onPrice(protection, { last: toMoney(rupees), at: now }, now, FRESH_MS);
const walk = (protection: Protection, path: readonly number[]): Protection => path.reduce((state, rupees, index) => at(state, rupees, T0 + index).next, protection);
const sent = (state: Protection, step: number, filled = 0, now = T0): Reduced => onExitReport(state, { step, state: 'SENT', filled, orderId: `x${step}`, orderStatus: 'OPEN' }, now);
const ended = (state: Protection, step: number, filled: number, now = T0): Reduced => onExitReport(state, { step, state: 'ENDED', filled, orderId: `x${step}`, orderStatus: filled > 0 ? 'FILLED' : 'CANCELLED' }, now);

describe('where the levels lie', () => {
  test.each<[string, ProtectionTerms, Direction, number | undefined, number | undefined]>([
    ['points', { stop: points(5), target: points(8) }, 'LONG', 95, 108],
    ['points, short', { stop: points(5), target: points(8) }, 'SHORT', 105, 92],
    ['percent of the entry', { stop: { by: 'percent', percent: 2 }, target: { by: 'percent', percent: 3 } }, 'LONG', 98, 103],
    ['a multiple of the true range', { stop: { by: 'atr', atr: toMoney(2), multiple: 1.5 } }, 'LONG', 97, undefined],
    ['prices', { stop: { by: 'price', price: toMoney(91) }, target: { by: 'price', price: toMoney(120) } }, 'LONG', 91, 120],
    ['a trail alone', { trailing: points(4) }, 'LONG', 96, undefined],
    ['a trail that is not active yet', { trailing: { ...points(4), activation: toMoney(3) } }, 'LONG', undefined, undefined],
  ])('%s', (_name, terms, direction, stop, target) => {
    const { stopLevel, targetLevel } = active(terms, direction);
    expect([stopLevel, targetLevel]).toEqual([stop, target].map((rupees) => (rupees === undefined ? undefined : toMoney(rupees))));
  });

  test.each<[string, ProtectionTerms, readonly number[], number]>([
    ['a trail follows the best price', { stop: points(5), trailing: points(4) }, [103, 101], 99],
    ['a percentage is of the best price', { trailing: { by: 'percent', percent: 10 } }, [200, 190], 180],
    ['a true range keeps its size', { trailing: { by: 'atr', atr: toMoney(2), multiple: 2 } }, [110], 106],
    ['an activation is waited for', { stop: points(5), trailing: { ...points(2), activation: toMoney(6) } }, [105], 95],
    ['and then the trail follows', { stop: points(5), trailing: { ...points(2), activation: toMoney(6) } }, [106, 105], 104],
    ['steps: below the activation nothing moves', { stop: points(5), trailing: { by: 'steps', activation: toMoney(4), step: toMoney(2) } }, [103.95], 95],
    ['steps: the first at the activation', { stop: points(5), trailing: { by: 'steps', activation: toMoney(4), step: toMoney(2) } }, [104], 97],
    ['steps: one more for every step', { stop: points(5), trailing: { by: 'steps', activation: toMoney(4), step: toMoney(2) } }, [109], 101],
    ['break-even moves it to the entry plus its offset', { stop: points(5), breakEven: { after: points(3), offset: toMoney(0.5) } }, [103], 100.5],
    ['break-even leaves a tighter stop alone', { trailing: points(1), breakEven: { after: points(3), offset: toMoney(0) } }, [103], 102],
  ])('%s', (_name, terms, path, stop) => {
    expect(walk(active(terms), path).stopLevel).toBe(toMoney(stop));
  });

  test('for a short position everything is turned round', () => {
    expect(walk(active({ stop: points(5), trailing: points(4) }, 'SHORT'), [97, 99]).stopLevel).toBe(toMoney(101));
  });

  test('a better average of the entry never loosens the stop', () => {
    const first = onFill(pending({ stop: points(5) }), { filled: 5, averagePrice: toMoney(100), ended: false }, T0).next;
    expect(onFill(first, { filled: 10, averagePrice: toMoney(98), ended: false }, T0).next).toMatchObject({ stopLevel: toMoney(95), filled: 10 });
    expect(onFill(first, { filled: 10, averagePrice: toMoney(102), ended: false }, T0).next).toMatchObject({ stopLevel: toMoney(97) });
  });
});

describe('when it leaves', () => {
  test('at the stop, at the target, and not between them', () => {
    const state = active({ stop: points(5), target: points(8) });
    expect(at(state, 95.05).next).toMatchObject({ status: 'ACTIVE' });
    expect(at(state, 95)).toMatchObject({ next: { status: 'EXITING', exitReason: 'stop' }, actions: [{ kind: 'place', step: { step: 1, purpose: 'exit', quantity: 10 } }], notices: [{ kind: 'stopHit' }] });
    expect(at(state, 108)).toMatchObject({ next: { exitReason: 'target' }, notices: [{ kind: 'targetHit' }] });
  });

  test('a gap through both is the stop where the stop is met', () => {
    expect(at(active({ stop: points(5), target: points(8) }), 40).next).toMatchObject({ exitReason: 'stop' });
  });

  test('a stale price, and one that is older than what was seen, changes nothing', () => {
    const state = walk(active({ stop: points(5), trailing: points(4) }), [103]);
    expect(onPrice(state, { last: toMoney(50), at: T0 }, T0 + FRESH_MS + 1, FRESH_MS)).toMatchObject({ changed: false, actions: [] });
    const seen = at(state, 110, T0 + 100).next;
    expect(onPrice(seen, { last: toMoney(50), at: T0 + 99 }, T0 + 100, FRESH_MS)).toMatchObject({ changed: false, next: { status: 'ACTIVE' } });
  });

  test('after its time, measured from the first fill, or at a moment', () => {
    const state = active({ timeStop: { by: 'duration', durationMs: 60_000 } });
    expect(onClock(state, T0 + 59_999)).toMatchObject({ changed: false });
    expect(onClock(state, T0 + 60_000)).toMatchObject({ next: { status: 'EXITING', exitReason: 'time' } });
    // T0 is 05:46:40 in India.
    expect(active({ timeStop: { by: 'timeOfDay', minutes: 5 * 60 + 47 } }).timeStopAt).toBe(T0 + 20_000);
    expect(active({ timeStop: { by: 'timeOfDay', minutes: 5 * 60 + 46 } }).timeStopAt).toBe(T0 - 40_000 + 86_400_000);
    expect(onClock(active({ timeStop: { by: 'moment', at: T0 + 5 } }), T0 + 5).next).toMatchObject({ exitReason: 'time' });
  });

  test('nothing happens before the entry has filled', () => {
    const state = pending({ stop: points(5), timeStop: { by: 'moment', at: T0 } });
    expect([at(state, 1).changed, onClock(state, T0 + 1).changed]).toEqual([false, false]);
  });
});

describe('exits', () => {
  const hit = (terms: ProtectionTerms = { stop: points(5) }, quantity = 10): Protection => at(active(terms, 'LONG', quantity), 90).next;

  test('a filled one ends it; a part is tried again with the rest', () => {
    expect(ended(hit(), 1, 10).next).toMatchObject({ status: 'DONE' });
    const part = ended(hit(), 1, 4, T0 + 2_000);
    expect(part).toMatchObject({ next: { status: 'EXITING' }, actions: [{ kind: 'place', step: { step: 2, quantity: 6 } }] });
  });

  test('the freeze quantity slices it', () => {
    const sliced = onPrice(active({ stop: points(5) }, 'LONG', 10), { last: toMoney(90), at: T0 }, T0, FRESH_MS, { ...RULES, maxOrderQuantity: 4 });
    expect(sliced.next.steps.map(({ step, quantity }) => [step, quantity])).toEqual([[1, 4], [2, 4], [3, 2]]);
  });

  test('one that rests too long is taken back, and once that is proven the rest is tried again', () => {
    const resting = sent(hit(), 1, 3).next;
    expect(onClock(resting, T0 + RULES.chaseMs - 1).actions).toEqual([]);
    const overdue = onClock(resting, T0 + RULES.chaseMs);
    expect(overdue.actions).toEqual([{ kind: 'cancel', step: 1, orderId: 'x1' }]);
    expect(ended(overdue.next, 1, 3, T0 + RULES.chaseMs).actions).toMatchObject([{ kind: 'place', step: { step: 2, quantity: 7 } }]);
  });

  test('one whose outcome nobody knows is neither taken back nor repeated', () => {
    const unknown = onExitReport(hit(), { step: 1, state: 'SENT', filled: 0, orderId: 'x1', orderStatus: 'UNKNOWN' }, T0).next;
    expect(onClock(unknown, T0 + 10 * RULES.chaseMs)).toMatchObject({ actions: [], changed: false });
  });

  /** Every exit is refused like this; says when each was wanted, and how it ended after so long. */
  const refuseAll = (code: DenialCode, forMs: number) => {
    let state = hit();
    const [placed, told]: [number[], string[]] = [[], []];
    const take = ({ next, notices }: Reduced): void => {
      state = next;
      told.push(...notices.map(({ kind, message }) => `${kind}: ${message}`));
    };
    for (let now = T0; now <= T0 + forMs && state.status === 'EXITING'; now += 500) {
      for (const step of state.steps.filter(({ state: of }) => of === 'WANTED')) {
        placed.push(step.wantedAt - T0);
        take(onExitReport(state, { step: step.step, state: 'ENDED', filled: 0, denial: { code, message: 'no.' } }, now));
      }
      take(onClock(state, now));
    }
    return { state, placed, told };
  };

  test('a refusal that comes again however often one asks: a bounded number of tries, further and further apart, then a person is called', () => {
    const { state, placed, told } = refuseAll('LOT_SIZE', 60_000);
    expect(state).toMatchObject({ status: 'FAILED', denial: { code: 'LOT_SIZE' } });
    expect(placed).toEqual([0, 1_000, 3_000, 6_000, 10_000, 15_000]);
    expect(told).toEqual([expect.stringContaining('protectionFailed: 10 could not be closed')]);
  });

  test.each<DenialCode>(['NOT_READY', 'RATE_LIMITED', 'BROKER_PAUSED', 'SESSION_EXPIRED', 'NOT_ARMED', 'ORDER_REJECTED', 'NO_POSITION'])('after %s it goes on, evenly spaced, for as long as it takes; a person is called once', (code) => {
    const { state, placed, told } = refuseAll(code, 80_000);
    expect(state).toMatchObject({ status: 'EXITING' });
    expect(placed).toEqual([0, 1_000, 3_000, 6_000, 10_000, 15_000, 21_000, 41_000, 61_000]);
    expect(told).toEqual([expect.stringContaining('tried again every 20 s')]);
  });

  test('a session of refusals is remembered by its newest steps alone', () => {
    let state = hit();
    for (let now = T0, round = 0; round < 200; round += 1, now += RULES.slowMs) {
      state = ended(state, state.lastStep, 0, now).next;
      state = onClock(state, now + RULES.slowMs).next;
    }
    expect(state.lastStep).toBeGreaterThan(190);
    expect(state.steps.length).toBeLessThan(30);
  });

  test('more of the entry that fills while it exits is closed as well', () => {
    const partly = onFill(pending({ stop: points(5) }), { filled: 4, averagePrice: ENTRY, ended: false }, T0).next;
    const leaving = at(partly, 90).next;
    const grown = onFill(leaving, { filled: 10, averagePrice: ENTRY, ended: true }, T0).next;
    expect(ended(grown, 1, 4, T0 + 1_000).actions).toMatchObject([{ kind: 'place', step: { quantity: 6 } }]);
    expect(onClock(onFill(ended(leaving, 1, 4).next, { filled: 10, averagePrice: ENTRY, ended: true }, T0).next, T0 + 1_000).next).toMatchObject({ status: 'EXITING', lastStep: 2 });
  });

  test('a position that somebody else closed needs no exit', () => {
    expect(onPosition(active({ stop: points(5) }), { open: 0, filled: 10 }, T0).next).toMatchObject({ status: 'DONE', exitReason: 'closed' });
    expect(onPosition(active({ stop: points(5) }), { open: 1, filled: 10 }, T0)).toMatchObject({ changed: false });
    // More has filled since somebody looked at the position.
    expect(onPosition(active({ stop: points(5) }), { open: 0, filled: 4 }, T0)).toMatchObject({ changed: false });
  });

  test('what was closed beyond the position is given back once, with an alarm', () => {
    const first = sent(hit(), 1).next;
    const second = ended(ended(onClock(first, T0 + RULES.chaseMs).next, 1, 0, T0 + RULES.chaseMs).next, 2, 10, T0 + RULES.chaseMs).next;
    expect(second).toMatchObject({ status: 'DONE' });
    const late = ended(second, 1, 10, T0 + 9_000);
    expect(late).toMatchObject({ actions: [{ kind: 'place', step: { purpose: 'excess', quantity: 10 } }], notices: [{ kind: 'protectionFailed', severity: 'critical' }] });
    expect(ended(late.next, 1, 10, T0 + 9_001).changed).toBe(false);
    expect(excessQuantity(ended(late.next, 3, 10, T0 + 9_001).next)).toBe(0);
  });

  describe('what was closed beyond the position and could not be given back', () => {
    const owing = (): Protection => {
      const first = onClock(sent(hit(), 1).next, T0 + RULES.chaseMs).next;
      return ended(ended(ended(first, 1, 0, T0 + RULES.chaseMs).next, 2, 10, T0 + RULES.chaseMs).next, 1, 10, T0 + 9_000).next;
    };
    const refused = (state: Protection, code: DenialCode, now: number): Protection => onExitReport(state, { step: state.lastStep, state: 'ENDED', filled: 0, denial: { code, message: 'no' } }, now).next;

    test('keeps its owner, and is given back later', () => {
      const waiting = refused(owing(), 'ORDER_REJECTED', T0 + 9_100);
      expect(waiting).toMatchObject({ status: 'EXITING', lastStep: 3 });
      // A look at what is held between two tries writes nothing.
      expect(onPosition(waiting, { open: 0, filled: 10 }, T0 + 9_500)).toMatchObject({ changed: false });
      const again = onClock(waiting, T0 + 10_000);
      expect(again).toMatchObject({ actions: [{ kind: 'place', step: { step: 4, purpose: 'excess', quantity: 10 } }] });
      expect(ended(again.next, 4, 10, T0 + 10_100).next).toMatchObject({ status: 'DONE' });
    });

    test('is not owed where the strategy holds no other side: it is not asked for for ever', () => {
      const over = refused(owing(), 'NO_POSITION', T0 + 20_000);
      expect(over).toMatchObject({ status: 'DONE', lastStep: 3 });
    });
  });
});

const price = fc.integer({ min: 5_000, max: 20_000 }).map((hundredths) => toMoney(hundredths / 100));
const distance = fc.oneof(
  fc.integer({ min: 1, max: 3_000 }).map((hundredths) => ({ by: 'points' as const, points: toMoney(hundredths / 100) })),
  fc.double({ min: 0.1, max: 30, noNaN: true }).map((percent) => ({ by: 'percent' as const, percent })),
  fc.record({ by: fc.constant('atr' as const), atr: fc.integer({ min: 1, max: 500 }).map((hundredths) => toMoney(hundredths / 100)), multiple: fc.double({ min: 0.5, max: 5, noNaN: true }) }),
);
const trailing = fc.oneof(
  fc.tuple(distance, fc.integer({ min: 1, max: 2_000 })).map(([rule, hundredths]) => ({ ...rule, activation: toMoney(hundredths / 100) })), distance,
  fc.record({ by: fc.constant('steps' as const), activation: fc.integer({ min: 1, max: 1_000 }).map((n) => toMoney(n / 100)), step: fc.integer({ min: 1, max: 500 }).map((n) => toMoney(n / 100)) }),
);
const direction = fc.constantFrom<Direction>('LONG', 'SHORT');
const terms = fc.record({ stop: distance, target: distance, trailing, breakEven: fc.record({ after: distance, offset: fc.integer({ min: 0, max: 300 }).map((n) => toMoney(n / 100)) }) }, { requiredKeys: ['stop'] });
const sound = fc.tuple(terms, direction).filter(([rules, side]) => checkedTerms(rules, side, ENTRY).ok);

describe('what always holds', () => {
  test('a stop never loosens, whatever the price does', () => {
    fc.assert(fc.property(terms, direction, fc.array(price, { maxLength: 60 }), (rules, side, path) => {
      let state = active(rules, side);
      path.forEach((last, index) => {
        const next = onPrice(state, { last, at: T0 + index }, T0 + index, FRESH_MS).next;
        if (state.stopLevel !== undefined) expect(gainAt(side, state.stopLevel, next.stopLevel ?? state.stopLevel)).toBeGreaterThanOrEqual(0);
        state = next;
      });
    }));
  });

  test('the same path in finer steps, with prices repeated, leaves the same way and with the same levels until then', () => {
    fc.assert(fc.property(sound, fc.array(price, { minLength: 1, maxLength: 20 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }), ([rules, side], path, cuts) => {
      const fine: Money[] = [];
      path.forEach((last, index) => {
        const from = index === 0 ? ENTRY : (path[index - 1] ?? last);
        fine.push(...[...cuts].sort((a, b) => a - b).map((cut) => toMoney((from + (last - from) * cut) / 10_000)), last, last);
      });
      const follow = (prices: readonly Money[]): Protection => prices.reduce((state, last, index) => onPrice(state, { last, at: T0 + index }, T0 + index, Infinity).next, active(rules, side));
      const [coarse, dense] = [follow(path), follow(fine)];
      expect([dense.status, dense.exitReason]).toEqual([coarse.status, coarse.exitReason]);
      if (dense.status === 'ACTIVE') expect([dense.stopLevel, dense.best]).toEqual([coarse.stopLevel, coarse.best]);
    }));
  });

  /** A broker and a position beside the reducer: fills as it likes, cancels that may lose the race, the admission that caps at the position. */
  const course = fc.array(fc.oneof(
    fc.record({ kind: fc.constant('entry' as const), more: fc.integer({ min: 0, max: 10 }), ends: fc.boolean() }),
    fc.record({ kind: fc.constant('price' as const), last: price }),
    fc.record({ kind: fc.constant('clock' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    fc.record({ kind: fc.constant('broker' as const), pick: fc.nat(), fills: fc.integer({ min: 0, max: 10 }), ends: fc.boolean() }),
  ), { maxLength: 80 });

  test.each([true, false])('never more than was filled is wanted closed, and the position never ends reversed (broker holds stops: %s)', (held) => {
    fc.assert(fc.property(terms, direction, course, fc.integer({ min: 1, max: 20 }), (rules, side, events, freeze) => {
      const planRules = { ...RULES, maxOrderQuantity: freeze };
      let state: Protection = { ...pending(rules, side, 20), held };
      let now = T0;
      let [bought, entryEnded] = [0, false];
      /** The broker's truth by step: what it still may fill, and what it has. */
      const orders = new Map<number, { open: number; filled: number; purpose: string }>();
      const position = (): number => bought - [...orders.values()].reduce((sum, { filled, purpose }) => sum + (purpose === 'excess' ? -filled : filled), 0);
      const resting = (purpose: boolean): number => [...orders.values()].reduce((sum, order) => sum + ((order.purpose === 'excess') === purpose ? order.open : 0), 0);
      const step = (next: Protection): void => {
        expect(closedQuantity(next) + next.steps.reduce((sum, { purpose, state: of, quantity, filled }) => sum + (purpose !== 'excess' && of !== 'ENDED' ? Math.max(0, quantity - filled) : 0), 0)).toBeLessThanOrEqual(next.filled);
        expect(canTurn(state.status, next.status)).toBe(true);
        state = next;
      };
      const report = (number: number): void => {
        const order = orders.get(number);
        if (order !== undefined) step(onExitReport(state, { step: number, state: order.open > 0 ? 'SENT' : 'ENDED', filled: order.filled, orderId: `x${number}`, orderStatus: order.open > 0 ? 'OPEN' : 'CANCELLED' }, now, planRules).next);
      };
      const act = (): void => {
        for (const wanted of state.steps.filter(({ state: of, step: number }) => of === 'WANTED' && !orders.has(number))) {
          const closable = wanted.purpose === 'excess' ? -position() - resting(true) : position() - resting(false);
          const open = Math.max(0, Math.min(wanted.quantity, closable));
          orders.set(wanted.step, { open, filled: 0, purpose: wanted.purpose });
          report(wanted.step);
        }
      };
      for (const event of events) {
        now += 1;
        if (event.kind === 'entry' && !entryEnded) {
          bought = Math.min(20, bought + event.more);
          entryEnded = event.ends || bought === 20;
          step(onFill(state, { filled: bought, ...(bought > 0 ? { averagePrice: ENTRY } : {}), ended: entryEnded }, now).next);
          step(onClock(state, now, planRules).next);
        } else if (event.kind === 'price') step(onPrice(state, { last: event.last, at: now }, now, FRESH_MS, planRules).next);
        else if (event.kind === 'clock') {
          now += event.ms;
          step(onClock(state, now, planRules).next);
        } else if (event.kind === 'broker' && orders.size > 0) {
          const number = [...orders.keys()][event.pick % orders.size] ?? 0;
          const order = orders.get(number);
          if (order !== undefined) {
            const fills = Math.min(event.fills, order.open);
            orders.set(number, { ...order, filled: order.filled + fills, open: event.ends ? 0 : order.open - fills });
            report(number);
          }
        }
        if (held) step(onRoom(state, { open: Math.max(0, position()), room: Math.max(0, position()), filled: state.filled, closed: closedQuantity(state) }, now, planRules).next);
        act();
        expect(position()).toBeGreaterThanOrEqual(0);
        expect(remainingQuantity(state)).toBeLessThanOrEqual(state.filled);
      }
    }), { numRuns: 300 });
  });
});
