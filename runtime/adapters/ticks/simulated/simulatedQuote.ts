import { hash } from 'node:crypto';
import { tickSizeAt } from '../../../domain/instrument';
import type { Instrument, Quote } from '../../../domain/market';
import { asMoney, fromMoney, toMoney, type Money } from '../../../domain/money';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../../domain/time';
import { BASE_PRICES } from './basePrices';

/** Incommensurate waves, from the seconds a person watches to the days a strategy sees. Amplitudes are fractions of the price. */
const WAVES: readonly { readonly periodMs: number; readonly amplitude: number }[] = [
  { periodMs: 7.3 * SECOND_MS, amplitude: 0.0002 },
  { periodMs: 61.7 * SECOND_MS, amplitude: 0.001 },
  { periodMs: 17.9 * MINUTE_MS, amplitude: 0.004 },
  { periodMs: 246.1 * MINUTE_MS, amplitude: 0.012 },
  { periodMs: 3_438.7 * MINUTE_MS, amplitude: 0.03 },
];
/** Jitter from one second to the next, as a fraction of the price. */
const NOISE = 0.0003;
/** A derivative's carry over its base, and the spread between bid and ask, as fractions of the price. */
const CARRY = 0.004;
const SPREAD = 0.0002;
/** Standard deviation of the base until expiry, as a fraction: the time value that all simulated options carry. */
const OPTION_DEVIATION = 0.03;
const LOWEST_OPTION_PREMIUM = 2;

/**
 * The quote of `instrument` at `at`: the same for the same arguments, on any machine.
 * The price stays within 5 % of the instrument's base price, is a multiple of the tick, and bid < ask always holds with bid <= last <= ask.
 * Instruments of one base move together, puts against it. A toy: no jumps, no trend beyond days, no volatility surface.
 */
export function simulatedQuote(instrument: Instrument, at: EpochMs, seed: number): Quote {
  const direction = instrument.optionType === 'PE' ? -1 : 1;
  const price = toMoney(basePrice(instrument) * (1 + direction * moveAt(instrument.base, at, seed)));
  const tick = tickSizeAt(instrument, price);
  const last = asMoney(Math.max(2, Math.round(price / tick)) * tick);
  const spreadTicks = Math.max(1, Math.round((last * SPREAD) / tick));
  const bid = asMoney(last - Math.min(Math.floor(spreadTicks / 2), last / tick - 1) * tick);
  const ask = upToTick(instrument, asMoney(bid + spreadTicks * tick));
  return { instrument: instrument.key, bid, ask, last, at };
}

/** The price in rupees around which an instrument moves. An option's is intrinsic value plus a bell of time value around the money. */
export function basePrice(instrument: Instrument): number {
  const spot = BASE_PRICES.get(instrument.base) ?? 50 + fraction('price', instrument.base, 0) * 2_950;
  if (instrument.segment === 'future') return spot * (1 + CARRY);
  if (instrument.segment !== 'option') return spot;
  const strike = instrument.strike === undefined ? spot : fromMoney(instrument.strike);
  const intrinsic = Math.max(0, instrument.optionType === 'PE' ? strike - spot : spot - strike);
  const deviation = spot * OPTION_DEVIATION;
  const timeValue = 0.4 * deviation * Math.exp(-(((strike - spot) / deviation) ** 2) / 2);
  return Math.max(LOWEST_OPTION_PREMIUM, intrinsic + timeValue);
}

/** The base's move at `at` as a fraction of its price, within ± the sum of all amplitudes. */
function moveAt(base: string, at: EpochMs, seed: number): number {
  const phases = phasesOf(base, seed);
  const waves = WAVES.reduce((sum, { periodMs, amplitude }, wave) => sum + amplitude * Math.sin(2 * Math.PI * (((at / periodMs) % 1) + (phases[wave] ?? 0))), 0);
  return waves + NOISE * (2 * fraction(base, Math.floor(at / SECOND_MS), seed) - 1);
}

/** Where each wave of a base begins; they never change, so they are hashed once. */
const knownPhases = new Map<string, readonly number[]>();
const MAX_KNOWN_BASES = 10_000;

function phasesOf(base: string, seed: number): readonly number[] {
  const key = `${seed}/${base}`;
  const known = knownPhases.get(key);
  if (known !== undefined) return known;
  const phases = WAVES.map(({ periodMs }) => fraction(base, periodMs, seed));
  if (knownPhases.size >= MAX_KNOWN_BASES) knownPhases.clear();
  knownPhases.set(key, phases);
  return phases;
}

/** A number in [0, 1) that looks random and depends on its arguments only. */
function fraction(text: string, number: number | string, seed: number): number {
  return hash('sha256', `${seed}/${text}/${number}`, 'buffer').readUInt32BE(0) / 2 ** 32;
}

/** The next price on the tick that is not below `price`: a spread may reach into a band with coarser ticks. */
function upToTick(instrument: Instrument, price: Money): Money {
  const tick = tickSizeAt(instrument, price);
  return asMoney(Math.ceil(price / tick) * tick);
}
