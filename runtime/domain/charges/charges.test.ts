import fc from 'fast-check';
import { asMoney, fromMoney, toMoney } from '../money';
import { indiaTime } from '../session/days';
import { chargesOf, type ChargeRequest } from './charges';

const IN_2026 = indiaTime('2026-11-20', '10:00');
const IN_2025 = indiaTime('2025-11-20', '10:00');

const INTRADAY = { segment: 'cash', product: 'MIS', exchange: 'NSE' } as const;
const DELIVERY = { segment: 'cash', product: 'CNC', exchange: 'NSE' } as const;
const FUTURE = { segment: 'future', product: 'NRML', exchange: 'NFO' } as const;
const OPTION = { segment: 'option', product: 'NRML', exchange: 'NFO' } as const;

type Kind = Pick<ChargeRequest, 'segment' | 'product' | 'exchange'>;

function roundTrip(kind: Kind, quantity: number, buyAt: number, sellAt: number, at = IN_2026): number {
  const buy = chargesOf({ ...kind, action: 'BUY', quantity, price: toMoney(buyAt), at });
  const sell = chargesOf({ ...kind, action: 'SELL', quantity, price: toMoney(sellAt), at });
  return fromMoney(asMoney(buy.total + sell.total));
}

describe('charges of a round trip on NSE at the rates of 2026', () => {
  test.each([
    ['intraday 100000 to 101000', INTRADAY, 100, 1_000, 1_010, 82.72],
    ['delivery 100000 to 101000', DELIVERY, 100, 1_000, 1_010, 223.52],
    ['NIFTY future 65 x 26000 to 26050', FUTURE, 65, 26_000, 26_050, 1_005.25],
    ['option 65 x 100 to 120', OPTION, 65, 100, 120, 65.21],
  ] as const)('%s costs what the market rules say', (_name, kind, quantity, buyAt, sellAt, expected) => {
    expect(roundTrip(kind, quantity, buyAt, sellAt)).toBe(expected);
  });
});

test('rates follow the day of the trade, to the day', () => {
  const sell = (day: string) => chargesOf({ ...FUTURE, action: 'SELL', quantity: 65, price: toMoney(26_000), at: indiaTime(day, '10:00') });
  // 0.02 % and 0.00173 % of 1,690,000 until March; 0.05 % and 0.00183 % from April.
  expect(fromMoney(sell('2026-03-31').stt)).toBe(338);
  expect(fromMoney(sell('2026-04-01').stt)).toBe(845);
  expect(fromMoney(sell('2026-03-31').transaction)).toBe(29.237);
  expect(fromMoney(sell('2026-04-01').transaction)).toBe(30.927);
});

test('options of the earlier rate set pay 0.1 % STT on premium sold', () => {
  const sell = chargesOf({ ...OPTION, action: 'SELL', quantity: 75, price: toMoney(200), at: IN_2025 });
  expect(fromMoney(sell.stt)).toBe(15);
  expect(fromMoney(sell.transaction)).toBe(5.2545);
});

test('BSE has its own transaction charge, none on futures', () => {
  const buy = (kind: Kind) => chargesOf({ ...kind, action: 'BUY', quantity: 20, price: toMoney(1_000), at: IN_2026 });
  expect(fromMoney(buy({ ...FUTURE, exchange: 'BFO' }).transaction)).toBe(0);
  expect(fromMoney(buy({ ...INTRADAY, exchange: 'BSE' }).transaction)).toBe(0.75);
});

test('brokerage is a percentage until its cap', () => {
  const buy = (quantity: number) => fromMoney(chargesOf({ ...INTRADAY, action: 'BUY', quantity, price: toMoney(100), at: IN_2026 }).brokerage);
  expect(buy(10)).toBe(0.3);
  expect(buy(10_000)).toBe(20);
});

test('an index has no charges: asking is a bug', () => {
  expect(() => chargesOf({ segment: 'index', product: 'MIS', exchange: 'NSE_INDEX', action: 'BUY', quantity: 1, price: toMoney(1), at: IN_2026 })).toThrow(RangeError);
});

test('every part is a whole amount, never negative, and the parts are the total to the paisa', () => {
  fc.assert(fc.property(
    fc.constantFrom<Kind>(INTRADAY, DELIVERY, FUTURE, OPTION, { ...FUTURE, exchange: 'MCX' }, { ...OPTION, exchange: 'CDS' }),
    fc.constantFrom('BUY' as const, 'SELL' as const), fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 1_000_000_000 }),
    (kind, action, quantity, price) => {
      const { total, ...parts } = chargesOf({ ...kind, action, quantity, price: asMoney(price), at: IN_2026 });
      const sum = Object.values(parts).reduce((left, right) => left + right, 0);
      for (const part of Object.values(parts)) expect(part).toBeGreaterThanOrEqual(0);
      expect(Math.abs(total - sum)).toBeLessThanOrEqual(50);
      expect(total % 100).toBe(0);
      expect(parts.stt % 10_000).toBe(0);
      if (quantity === 0) expect(total).toBe(0);
    },
  ));
});
