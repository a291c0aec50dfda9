import { z } from 'zod';
import { toMoney, type Money } from '../../../domain/money';
import type { EpochMs } from '../../../domain/time';
import { readFileTime } from '../../candleFile/fileTime';

/** Above 9e11 no amount can be held exactly. */
const HIGHEST = 9e11;
const DECIMAL = /^\s*-?\d+(\.\d+)?\s*$/;

/** Any finite number, as a number or as text: which of them comes depends on the broker. */
export const AnyNumber = z.union([z.number(), z.string().regex(DECIMAL).transform(Number)]);
/** An amount, a price or a quantity. */
export const Numeric = AnyNumber.refine((value) => Math.abs(value) < HIGHEST, { message: 'too large' });
/** A field that can not be read is as good as absent. */
export const OptionalNumber = Numeric.nullish().transform((value) => value ?? undefined).catch(undefined);
export const Word = z.string().max(200);
export const OptionalWord = z.string().max(500).nullish().transform((word) => word ?? undefined).catch(undefined);
/** Ids come as text or as numbers. */
export const Id = z.union([z.string().min(1).max(100), z.number().transform(String)]);

/** Rows of one list that are read at most. */
export const MOST_ROWS = 100_000;

/** A price of a row; 0 and less are none. */
export function priceOf(price: number | undefined): Money | undefined {
  return price === undefined || price <= 0 ? undefined : toMoney(price);
}

/** Text in India's time, ISO with a zone, epoch seconds or milliseconds; undefined for what brokers write besides. */
export function timeOf(timestamp: string | number | undefined): EpochMs | undefined {
  return timestamp === undefined ? undefined : readFileTime(typeof timestamp === 'number' ? String(Math.floor(timestamp)) : timestamp.trim());
}
