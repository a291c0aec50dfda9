import { z } from 'zod';
import type { Course } from '../doubles/courses';

/** A share's minutes of June 2022; of the five that Momentum ranking names HDFCBANK has no recording, and is never ranked. */
export const COURSES: readonly Course[] = [
  { symbol: 'SBIN', of: 'NIFTY', factor: 0.05 }, { symbol: 'TCS', of: 'BNF', factor: 0.1 },
  { symbol: 'INFY', of: 'NIFTY', factor: 0.09, mirrored: true }, { symbol: 'RELIANCE', of: 'BNF', factor: 0.07, mirrored: true },
];
const ALL = COURSES.map(({ symbol }) => symbol).join(', ');

/** A shipped flow on a desk, and what its user changed. */
export interface DeskFlow {
  readonly name: string;
  /** What the Market Triggers watch; absent: what they come with. */
  readonly symbols?: string;
  /** The manual start becomes a Market Hours trigger with these times and this node key: nobody clicks in a recording. */
  readonly clicks?: { readonly nodeKey: string; readonly times: string };
  /** Strategy and node keys get this prefix, where another desk has the same flow. */
  readonly prefix?: string;
  /** Account of which the Order Event Triggers hear; absent: any. */
  readonly hears?: string;
}

/** Flows that share one paper account. Each desk has an account of its own, so that what one decides is no matter of who came first among all. */
export interface Desk {
  readonly account: string;
  readonly flows: readonly DeskFlow[];
  /** Limits of the account that are not those it comes with. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** Every shipped flow that can decide on recorded candles. */
export const DESKS: readonly Desk[] = [
  { account: 'ema', flows: [{ name: 'EMA crossover', symbols: ALL }] },
  { account: 'range', flows: [{ name: 'Opening-range breakout', symbols: ALL }] },
  { account: 'averages', flows: [{ name: 'Moving-average crossover', symbols: ALL }] },
  { account: 'trend', flows: [{ name: 'Supertrend', symbols: ALL }] },
  { account: 'swing', flows: [{ name: 'RSI swing', symbols: 'SBIN, TCS' }] },
  { account: 'mean', flows: [{ name: 'Mean reversion' }] },
  { account: 'momentum', flows: [{ name: 'Momentum ranking' }] },
  // Nothing ends the day of Re-entry exit but the square-off of its account.
  { account: 'again', flows: [{ name: 'Re-entry exit', symbols: ALL }, { name: 'End-of-day square-off' }] },
  { account: 'guard', flows: [{ name: 'Stop, target and trailing monitor', clicks: { nodeKey: 'guard-buy', times: '09:30, 11:00, 13:00, 14:30' } }] },
  { account: 'switch', flows: [{ name: 'EMA crossover', symbols: ALL, prefix: 'switch-' }, { name: 'Kill switch and close all', clicks: { nodeKey: 'kill-pull', times: '13:07' } }] },
  { account: 'breaker', flows: [{ name: 'EMA crossover', symbols: ALL, prefix: 'breaker-' }, { name: 'Daily-loss breaker', hears: 'breaker' }], limits: { maxDailyLossPercent: 0.02 } },
];

export const RedFile = z.array(z.looseObject({ id: z.string(), type: z.string(), wires: z.array(z.array(z.string())).optional() }));
export type RedFile = z.infer<typeof RedFile>;

const N8nNode = z.looseObject({ id: z.string(), name: z.string(), type: z.string(), parameters: z.looseObject({ options: z.looseObject({}).optional() }) });
const Link = z.looseObject({ node: z.string() });
export const N8nFile = z.looseObject({ name: z.string(), nodes: z.array(N8nNode), connections: z.record(z.string(), z.object({ main: z.array(z.array(Link)) })) });
export type N8nFile = z.infer<typeof N8nFile>;
