import { instrumentKey } from '../market';
import { toMoney } from '../money';
import { cancelled, closedQuantity, onClock, onExitReport, onFill, onPosition, onPrice, onRoom, onStepFill, pendingProtection, REST_AGAIN_MS, RULES, stopRoom, type Protection, type ProtectionTerms, type Reduced } from './index';

const T0 = 1_000_000;
const FRESH_MS = 5_000;
const points = (rupees: number) => ({ by: 'points' as const, points: toMoney(rupees) });

function active(terms: ProtectionTerms): Protection {
  const made = pendingProtection({ id: 'p', account: 'paper', strategyId: 's', instrument: instrumentKey('NSE', 'SBIN'), product: 'MIS', direction: 'LONG', quantity: 10, signalId: 's1', terms }, { id: 'o1' }, T0);
  return onFill(made, { filled: 10, averagePrice: toMoney(100), ended: true }, T0).next;
}
const at = (protection: Protection, rupees: number): Reduced => onPrice(protection, { last: toMoney(rupees), at: T0 }, T0, FRESH_MS);
const ended = (state: Protection, step: number, filled: number): Reduced => onExitReport(state, { step, state: 'ENDED', filled, orderId: `x${step}`, orderStatus: filled > 0 ? 'FILLED' : 'CANCELLED' }, T0);

describe('a stop that rests at the broker', () => {
  /** A look at the position: so much of it is open, and so much of that nobody else is about to close. */
  const seen = (state: Protection, open: number, room = open, now = T0): Reduced => onRoom(state, { open, room, filled: state.filled, closed: closedQuantity(state) }, now);
  const resting = (): Protection => {
    const wanted = seen({ ...active({ stop: points(5), target: points(8), trailing: points(5) }), held: true }, 10);
    expect(wanted.actions).toMatchObject([{ kind: 'place', step: { step: 1, purpose: 'hold', quantity: 10, triggerPrice: toMoney(95) } }]);
    return onExitReport(wanted.next, { step: 1, state: 'SENT', filled: 0, orderId: 'x1', orderStatus: 'TRIGGER_PENDING', confirmed: { price: toMoney(95), quantity: 10 } }, T0).next;
  };

  test('is moved with the trail, again until the broker has confirmed it', () => {
    const moved = at(resting(), 103);
    expect(moved.actions).toEqual([{ kind: 'move', step: 1, orderId: 'x1', triggerPrice: toMoney(98), quantity: 10 }]);
    const confirmed = onExitReport(moved.next, { step: 1, state: 'SENT', filled: 0, confirmed: { price: toMoney(98), quantity: 10 } }, T0);
    expect(confirmed.actions).toEqual([]);
  });

  test('a target takes it back first and closes only what is proven to be left', () => {
    const target = at(resting(), 108);
    expect(target.actions).toEqual([{ kind: 'cancel', step: 1, orderId: 'x1' }]);
    expect(ended(target.next, 1, 0).actions).toMatchObject([{ kind: 'place', step: { purpose: 'exit', quantity: 10 } }]);
    expect(ended(target.next, 1, 10).next).toMatchObject({ status: 'DONE' });
    expect(ended(target.next, 1, 7).actions).toMatchObject([{ kind: 'place', step: { quantity: 3 } }]);
  });

  test('its own fill is the exit', () => {
    expect(ended(resting(), 1, 10)).toMatchObject({ next: { status: 'DONE', exitReason: 'stop' }, notices: [{ kind: 'stopHit' }] });
  });

  test('a price beyond it leaves it to the broker for a moment, then the runtime acts', () => {
    const beyond = at(resting(), 94);
    expect(beyond).toMatchObject({ next: { status: 'ACTIVE', crossedAt: T0 }, actions: [] });
    expect(onClock(beyond.next, T0 + RULES.heldGraceMs)).toMatchObject({ next: { status: 'EXITING' }, actions: [{ kind: 'cancel' }] });
  });

  test.each<[string, (state: Protection) => Protection]>([
    ['the target is met', (state) => at(state, 108).next],
    ['somebody else has closed the position', (state) => onPosition(state, { open: 0, filled: 10 }, T0).next],
    ['it is taken away', (state) => onClock(cancelled(state, T0).next, T0).next],
  ])('one whose end is not proven for half a minute is told once, where %s', (_why, leave) => {
    const waiting = leave(resting());
    expect(onClock(waiting, T0 + 29_999).notices).toEqual([]);
    const told = onClock(waiting, T0 + 30_000);
    expect(told.notices).toMatchObject([{ kind: 'protectionFailed' }]);
    expect(onClock(told.next, T0 + 60_000).notices).toEqual([]);
  });

  test('nothing rests before the position was looked at', () => {
    expect(onClock({ ...active({ stop: points(5) }), held: true }, T0).actions).toEqual([]);
  });

  test('it is made smaller as soon as others have closed a part, and taken back where nothing is left for it', () => {
    const smaller = seen(resting(), 4);
    expect(smaller.actions).toEqual([{ kind: 'move', step: 1, orderId: 'x1', triggerPrice: toMoney(95), quantity: 4 }]);
    expect(seen(smaller.next, 4, 0).actions).toEqual([{ kind: 'cancel', step: 1, orderId: 'x1' }]);
  });

  test('more is an order of its own: a resting order can only be made smaller', () => {
    const smaller = seen(resting(), 10, 4).next;
    expect(seen(smaller, 10, 10).actions).toMatchObject([{ kind: 'move', quantity: 4 }, { kind: 'place', step: { step: 2, purpose: 'hold', quantity: 6, triggerPrice: toMoney(95) } }]);
  });

  test('above the freeze quantity it is several orders; one that fills lets the others finish', () => {
    const rules = { ...RULES, maxOrderQuantity: 4 };
    const wanted = onRoom({ ...active({ stop: points(5) }), held: true }, { open: 10, room: 10, filled: 10, closed: 0 }, T0, rules);
    expect(wanted.actions).toMatchObject([4, 4, 2].map((quantity) => ({ kind: 'place', step: { purpose: 'hold', quantity } })));
    const placed = wanted.next.steps.reduce((state, { step, quantity }) => onExitReport(state, { step, state: 'SENT', filled: 0, orderId: `x${step}`, orderStatus: 'TRIGGER_PENDING', confirmed: { price: toMoney(95), quantity } }, T0).next, wanted.next);
    expect(ended(placed, 1, 4)).toMatchObject({ next: { status: 'EXITING', exitReason: 'stop' }, actions: [] });
  });

  test.each<[string, boolean]>([['that made way for another order', true], ['for which there was no room', false]])('one %s rests again a little later, without an alarm', (_what, gone) => {
    const report = gone ? { gone } : { denial: { code: 'NO_POSITION', message: 'Nothing is left to close.' } as const };
    const away = onExitReport(resting(), { step: 1, state: 'ENDED', filled: 0, orderId: 'x1', orderStatus: 'CANCELLED', ...report }, T0);
    expect(away).toMatchObject({ next: { status: 'ACTIVE', held: true }, actions: [], notices: [] });
    expect(onClock(away.next, T0 + REST_AGAIN_MS - 1).actions).toEqual([]);
    expect(onClock(away.next, T0 + REST_AGAIN_MS).actions).toMatchObject([{ kind: 'place', step: { step: 2, purpose: 'hold', quantity: 10 } }]);
  });

  test('one that ends with the session rests again when the next one is open', () => {
    const over = onExitReport(resting(), { step: 1, state: 'ENDED', filled: 0, orderId: 'x1', orderStatus: 'EXPIRED' }, T0, { ...RULES, marketOpen: false });
    expect(over).toMatchObject({ next: { held: true }, notices: [] });
    expect(onClock(over.next, T0 + REST_AGAIN_MS).actions).toMatchObject([{ kind: 'place', step: { purpose: 'hold' } }]);
  });

  test('while none rests the runtime acts at once', () => {
    const away = onExitReport(resting(), { step: 1, state: 'ENDED', filled: 0, orderId: 'x1', orderStatus: 'CANCELLED', gone: true }, T0).next;
    expect(at(away, 94).next).toMatchObject({ status: 'EXITING', exitReason: 'stop' });
  });

  test('one for which the admission found less room is as large as its order', () => {
    const wanted = seen({ ...active({ stop: points(5) }), held: true }, 10).next;
    const placed = onExitReport(wanted, { step: 1, state: 'SENT', filled: 0, orderId: 'x1', orderStatus: 'TRIGGER_PENDING', confirmed: { price: toMoney(95), quantity: 4 } }, T0);
    expect(placed.next.steps[0]).toMatchObject({ quantity: 4, state: 'SENT' });
    expect(placed.actions.filter(({ kind }) => kind === 'move')).toEqual([]);
  });

  test('one that the broker will not move is taken back, and a little later another one rests at the new level', () => {
    const stuck = onExitReport(at(resting(), 103).next, { step: 1, state: 'SENT', filled: 0, orderId: 'x1', orderStatus: 'TRIGGER_PENDING', unmoved: true }, T0);
    expect(stuck.actions).toEqual([{ kind: 'cancel', step: 1, orderId: 'x1' }]);
    const gone = ended(stuck.next, 1, 0);
    expect(gone.actions).toEqual([]);
    expect(onClock(gone.next, T0 + REST_AGAIN_MS).actions).toMatchObject([{ kind: 'place', step: { step: 2, purpose: 'hold', triggerPrice: toMoney(98) } }]);
  });

  test('one that fills more than others had left gives the rest back', () => {
    const smaller = seen(resting(), 4).next;
    expect(ended(smaller, 1, 10)).toMatchObject({ actions: [{ kind: 'place', step: { purpose: 'excess', quantity: 6 } }], notices: [{ kind: 'stopHit' }, { kind: 'protectionFailed' }] });
  });

  test('a look that is older than a fill says nothing', () => {
    const filled = onStepFill(resting(), 1, 3, T0).next;
    expect(onRoom(filled, { open: 7, room: 7, filled: 10, closed: 0 }, T0).changed).toBe(false);
  });

  test('several protections of one position share it: the oldest first, never more together than is open', () => {
    const all = [2, 0, 1].map((number) => ({ ...active({ stop: points(5) }), id: `p${number}`, createdAt: T0 + number }));
    const shares = (held: number, closing: number) => all.toSorted((a, b) => a.createdAt - b.createdAt).map((protection) => stopRoom(protection, { all, held, closing })).map(({ open, room }) => [open, room]);
    expect(shares(25, 12)).toEqual([[10, 10], [10, 3], [5, 0]]);
    expect(shares(-5, 0)).toEqual([[0, 0], [0, 0], [0, 0]]);
  });

  test('when the broker ends it the runtime watches, and says so', () => {
    expect(ended(resting(), 1, 0)).toMatchObject({ next: { status: 'ACTIVE', held: false }, notices: [{ kind: 'protectionLost' }] });
  });
});
