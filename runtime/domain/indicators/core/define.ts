import { z } from 'zod';
import { Source, sourceOf, type Bar, type BarColumns } from './bar';
import { sourceColumn } from './columns';
import { Convention } from './convention';
import type { Outputs } from './indicator';

/** What `update` gives: a number, or one per output name; undefined where not known. */
export type StudyValue = number | Readonly<Record<string, number | undefined>>;

/** A running indicator over candles, whatever it is. */
export interface Study {
  /** Index of the first value, counted from 0; for session-bound ones the earliest possible. */
  readonly begin: number;
  /** Takes the next closed candle. */
  update(bar: Bar): StudyValue | undefined;
  /** Takes many candles at once, with the same results and state; NaN where a value is not known. */
  batch(columns: BarColumns, outputs: Readonly<Record<string, Float64Array>>): void;
}

export type Unit = 'price' | 'percent' | 'ratio' | 'volume' | 'flag' | 'candles' | 'score';

/** Columns of a candle that an indicator reads; 'source' is one of the caller's choice. */
export type Input = 'source' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'time' | 'session';

/** Everything about an indicator that a form, a condition or a document needs. */
export interface IndicatorSpec {
  /** As written in a condition: `rsi`. */
  readonly name: string;
  /** As a person sees it: `Relative strength index`. */
  readonly title: string;
  /** Types, ranges and defaults. Numbers are positional in text, in this order; `source` and `convention` go by name. */
  readonly parameters: z.ZodObject;
  readonly inputs: readonly Input[];
  /** Names of the results; the first is meant where none is named. */
  readonly outputs: readonly [string, ...string[]];
  /** Unit of each output; the last counts for the rest. */
  readonly units: readonly [Unit, ...Unit[]];
  /** Whether values may be unknown again after the first: where volume, a session or an event is missing. */
  readonly pauses?: boolean;
  /** A fresh one. Throws ZodError for parameters outside their ranges; absent ones take their defaults. */
  create(parameters?: unknown): Study;
}

interface Definition<P extends z.ZodObject> extends Omit<IndicatorSpec, 'create' | 'parameters'> {
  readonly parameters: P;
  readonly build: (parameters: z.output<P>) => Study;
}

export function defineIndicator<P extends z.ZodObject>({ build, ...spec }: Definition<P>): IndicatorSpec {
  return { ...spec, create: (parameters = {}) => build(spec.parameters.parse(parameters)) };
}

/** Longest window; bounds memory and the time of a window scan. */
const MAX_PERIOD = 5_000;

/** A whole number of candles. */
export function period(fallback: number, least = 1): z.ZodDefault<z.ZodNumber> {
  return z.number().int().min(least).max(MAX_PERIOD).default(fallback);
}

/** A factor above 0. */
export function factor(fallback: number, most = 100): z.ZodDefault<z.ZodNumber> {
  return z.number().positive().max(most).default(fallback);
}

export const source = Source.default('close');
export const convention = Convention.default('talib');

interface OfValues<Name extends string> {
  readonly begin: number;
  update(x: number): StudyValue | undefined;
  batch(x: Float64Array, outputs: Outputs<Name>): void;
}

/** An indicator of one series, fed from candles. */
export function following<Name extends string>(from: Source, inner: OfValues<Name>): Study {
  return {
    begin: inner.begin,
    update: (bar) => inner.update(sourceOf(bar, from)),
    batch: (columns, outputs: Outputs<Name>) => { inner.batch(sourceColumn(columns, from), outputs); },
  };
}
