import fc from 'fast-check';
import { canMove, ORDER_STATUSES, RISK_CODES, statusAfterFill, TERMINAL_STATUSES, type OrderStatus } from './order';

/** One row a status, one column a status in the order of ORDER_STATUSES: x where the move exists. */
const TABLE: Readonly<Record<OrderStatus, string>> = {
  //                  CR DE SU AC TP OP PF FI CA RE EX UN
  CREATED: /*      */ '.  x  x  .  .  .  .  .  .  .  x  .',
  DENIED: /*       */ '.  .  .  .  .  .  .  .  .  .  .  .',
  SUBMITTING: /*   */ '.  .  .  x  x  x  x  x  x  x  x  x',
  ACCEPTED: /*     */ '.  .  .  .  x  x  x  x  x  x  x  .',
  TRIGGER_PENDING: /**/ '.  .  .  .  .  x  x  x  x  x  x  .',
  OPEN: /*         */ '.  .  .  .  .  .  x  x  x  x  x  .',
  PARTIALLY_FILLED: /**/ '.  .  .  .  .  .  .  x  x  x  x  .',
  FILLED: /*       */ '.  .  .  .  .  .  .  .  .  .  .  .',
  CANCELLED: /*    */ '.  .  .  .  .  .  .  .  .  .  .  .',
  REJECTED: /*     */ '.  .  .  .  .  .  .  .  .  .  .  .',
  EXPIRED: /*      */ '.  .  .  .  .  .  .  .  .  .  .  .',
  UNKNOWN: /*      */ '.  .  .  x  x  x  x  x  x  x  x  .',
};

const PAIRS = ORDER_STATUSES.flatMap((from) => TABLE[from].split(/\s+/).map((cell, column) => ({ from, to: ORDER_STATUSES[column], allowed: cell === 'x' })));

test('the table names every pair', () => {
  expect(PAIRS).toHaveLength(ORDER_STATUSES.length ** 2);
});

test.each(PAIRS)('$from to $to: $allowed', ({ from, to, allowed }) => {
  expect(to !== undefined && canMove(from, to)).toBe(allowed);
});

test('terminal states are sticky and are exactly those without a way out', () => {
  const stuck = ORDER_STATUSES.filter((from) => ORDER_STATUSES.every((to) => !canMove(from, to)));
  expect(new Set(stuck)).toEqual(TERMINAL_STATUSES);
});

test('from every state that is not terminal an end can be reached', () => {
  for (const start of ORDER_STATUSES.filter((status) => !TERMINAL_STATUSES.has(status))) {
    expect(ORDER_STATUSES.some((end) => TERMINAL_STATUSES.has(end) && canMove(start, end))).toBe(true);
  }
});

test('nothing leads back: an order never revisits a state', () => {
  const visit = (status: OrderStatus, path: readonly OrderStatus[]): void => {
    expect(path).not.toContain(status);
    for (const next of ORDER_STATUSES.filter((to) => canMove(status, to))) visit(next, [...path, status]);
  };
  visit('CREATED', []);
});

test('a full fill wins over every state, a partial one over every state that is not terminal', () => {
  for (const from of ORDER_STATUSES) {
    expect(statusAfterFill(from, 100, 100)).toBe('FILLED');
    expect(statusAfterFill(from, 40, 100)).toBe(TERMINAL_STATUSES.has(from) ? from : 'PARTIALLY_FILLED');
  }
});

test('whatever the order of cancels and fills, a filled order is FILLED', () => {
  const event = fc.oneof(fc.constantFrom(...ORDER_STATUSES), fc.integer({ min: 1, max: 60 }));
  fc.assert(fc.property(fc.array(event, { maxLength: 30 }), (events) => {
    let status: OrderStatus = 'SUBMITTING';
    let filled = 0;
    for (const next of events) {
      if (typeof next === 'number') {
        filled = Math.min(100, filled + next);
        status = statusAfterFill(status, filled, 100);
      } else if (next !== 'FILLED' && canMove(status, next)) status = next;
    }
    expect(status === 'FILLED').toBe(filled === 100);
  }));
});

test('the risk codes are those the gate gives, first to last', () => {
  expect(RISK_CODES[0]).toBe('LEASE_LOST');
  expect(RISK_CODES.at(-1)).toBe('RISK_UNREADABLE');
  expect(RISK_CODES).toContain('TRADE_LOCK');
  expect(RISK_CODES).not.toContain('PRICE_OFF_TICK');
});
