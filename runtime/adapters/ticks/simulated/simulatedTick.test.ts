import fc from 'fast-check';
import { createCatalogue } from '../../../domain/instrument';
import type { Instrument } from '../../../domain/market';
import { instrumentKey } from '../../../domain/market';
import { simulatedQuote } from './simulatedQuote';
import { simulatedDepth, simulatedTick } from './simulatedTick';

const catalogue = createCatalogue();
const found = (instrument: Instrument | undefined): Instrument => {
  if (instrument === undefined) throw new Error('no such instrument');
  return instrument;
};
const share = found(catalogue.find(instrumentKey('NSE', 'SBIN')));
const index = found(catalogue.find(instrumentKey('NSE_INDEX', 'NIFTY')));
const MIDNIGHT = Date.parse('2026-11-20T00:00:00+05:30');
const DAY = 86_400_000;
const secondOfDay = fc.integer({ min: 0, max: DAY - 1 });

test('a tick has the prices of the quote', () => {
  fc.assert(fc.property(secondOfDay, fc.integer(), (ms, seed) => {
    expect(simulatedTick(share, MIDNIGHT + ms, seed)).toMatchObject(simulatedQuote(share, MIDNIGHT + ms, seed));
  }));
});

test('the day\'s volume never falls within a day, grows, and begins again with the next', () => {
  const volume = (ms: number): number => simulatedTick(share, MIDNIGHT + ms, 1).dayVolume ?? NaN;
  fc.assert(fc.property(secondOfDay, secondOfDay, (one, other) => {
    expect(volume(Math.min(one, other))).toBeLessThanOrEqual(volume(Math.max(one, other)));
  }));
  expect(volume(60_000)).toBeGreaterThan(volume(0));
  expect(volume(DAY)).toBe(0);
});

test('an index has no volume', () => {
  expect(simulatedTick(index, MIDNIGHT, 1)).not.toHaveProperty('dayVolume');
});

test('the depth surrounds the quote, best first', () => {
  const tick = simulatedTick(share, MIDNIGHT, 1);
  const { bids, asks } = simulatedDepth(share, tick);
  expect([bids.length, asks.length, bids[0]?.price, asks[0]?.price]).toEqual([5, 5, tick.bid, tick.ask]);
  expect(bids.map(({ price }) => price)).toEqual([...bids].map(({ price }) => price).sort((a, b) => b - a));
  expect(asks.map(({ price }) => price)).toEqual([...asks].map(({ price }) => price).sort((a, b) => a - b));
});
