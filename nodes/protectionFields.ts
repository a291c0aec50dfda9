import { z } from 'zod';
import { deny, ok, type Outcome } from '../runtime/domain/denial';
import { toMoney, type Money } from '../runtime/domain/money';
import type { Distance, Level, ProtectionTerms, TimeStop, Trailing } from '../runtime/domain/protection';
import { field } from '../runtime/hosts/field';

const DISTANCE = '5 is points, 1% of the price, 2 atr twice the item’s indicators.atr';

/** A distance as people write it, or a number where an expression gives one. */
const distance = z.string().trim().max(30).optional();

/** What a position is protected by. */
export const protectionFields = {
  stop: distance.register(field, { label: 'Stop', placeholder: '1%', help: `Where to get out with a loss. ${DISTANCE}, @795 a price. Empty takes stopLoss of the item, a price.`, section: 'Protection' }),
  target: z.string().trim().max(30).optional().register(field, { label: 'Target', placeholder: '2%', help: 'Where to get out with a profit, written like Stop. Empty takes target of the item, a price.', section: 'Protection' }),
  trailing: z.string().trim().max(30).optional().register(field, { label: 'Trailing Stop', placeholder: '1%', help: `How far the stop stays behind the best price. ${DISTANCE}; step 5 moves the stop by 5 at every further 5 of profit.`, section: 'Protection' }),
  trailAfter: z.number().positive().optional().register(field, { label: 'Trail After', unit: '₹', help: 'Profit a unit from which the stop trails. Empty trails at once; steps begin at their first step.', section: 'Protection' }),
  breakEvenAfter: z.string().trim().max(30).optional().register(field, { label: 'Break-Even After', placeholder: '1%', help: 'Profit at which the stop moves to the entry, written like Stop.', section: 'Protection' }),
  breakEvenOffset: z.number().nonnegative().optional().register(field, { label: 'Break-Even Offset', unit: '₹', help: 'How far beyond the entry the stop moves then.', section: 'Protection' }),
  exitAfterMinutes: z.number().positive().max(100_000).optional().register(field, { label: 'Exit After', unit: 'minutes', help: 'Gets out this long after the entry filled, whatever the price.', section: 'Protection' }),
  exitAt: z.string().trim().max(5).optional().register(field, { label: 'Exit At', placeholder: '15:00', help: 'Gets out at this time of the day in India, whatever the price. The account squares intraday positions (MIS) off at 15:05 unless it says otherwise: a later time does nothing for them.', section: 'Protection' }),
};

export const ProtectionParams = z.object(protectionFields).partial();
export type ProtectionParams = z.infer<typeof ProtectionParams>;

/** What a protection takes from the item: prices, and the range that `atr` stands for. */
export interface ProtectionItem {
  readonly stopLoss?: number | undefined;
  readonly target?: number | undefined;
  readonly indicators?: Readonly<Record<string, unknown>> | undefined;
}

/** The terms that parameters and item ask for; undefined where neither asks for any. An explicit parameter goes before the item. */
export function protectionTerms(params: ProtectionParams, item: ProtectionItem): Outcome<ProtectionTerms | undefined> {
  const range = rangeOf(item);
  const stop = levelOf('stop', params.stop, item.stopLoss, range);
  const target = levelOf('target', params.target, item.target, range);
  const trailing = trailingOf(params, range);
  const after = distanceOf('breakEvenAfter', params.breakEvenAfter, range);
  const timeStop = timeStopOf(params);
  for (const part of [stop, target, trailing, after, timeStop]) if (!part.ok) return part;
  if (!stop.ok || !target.ok || !trailing.ok || !after.ok || !timeStop.ok) return ok(undefined);
  const terms: ProtectionTerms = {
    ...(stop.value === undefined ? {} : { stop: stop.value }),
    ...(target.value === undefined ? {} : { target: target.value }),
    ...(trailing.value === undefined ? {} : { trailing: trailing.value }),
    ...(after.value === undefined ? {} : { breakEven: { after: after.value, offset: toMoney(params.breakEvenOffset ?? 0) } }),
    ...(timeStop.value === undefined ? {} : { timeStop: timeStop.value }),
  };
  return ok(Object.keys(terms).length === 0 ? undefined : terms);
}

/** A trailing rule by itself: what Trail changes of a protection that stands. */
export function trailingOf(params: ProtectionParams, range: Money | undefined): Outcome<Trailing | undefined> {
  const { trailing, trailAfter } = params;
  if (trailing === undefined || trailing === '') return ok(undefined);
  const activation = trailAfter === undefined ? {} : { activation: toMoney(trailAfter) };
  const step = /^steps?\s+(.+)$/i.exec(trailing)?.[1];
  if (step !== undefined) {
    const size = amountIn('trailing', step);
    return size.ok ? ok({ by: 'steps', step: size.value, activation: activation.activation ?? size.value }) : size;
  }
  const read = distanceOf('trailing', trailing, range);
  return !read.ok || read.value === undefined ? read : ok({ ...read.value, ...activation });
}

/** `5`, `1%`, `2 atr` or `@795`. */
export function levelOf(name: string, text: string | undefined, price: number | undefined, range: Money | undefined): Outcome<Level | undefined> {
  if (text === undefined || text === '') {
    if (price === undefined) return ok(undefined);
    const given = amountIn(name, String(price));
    return given.ok ? ok({ by: 'price', price: given.value }) : given;
  }
  if (!text.startsWith('@')) return distanceOf(name, text, range);
  const read = amountIn(name, text.slice(1));
  return read.ok ? ok({ by: 'price', price: read.value }) : read;
}

function distanceOf(name: string, text: string | undefined, range: Money | undefined): Outcome<Distance | undefined> {
  if (text === undefined || text === '') return ok(undefined);
  const [, number = '', unit = ''] = /^([\d.]+)\s*(%|x?\s*atr)?$/i.exec(text) ?? [];
  const value = Number(number);
  if (number === '' || !Number.isFinite(value) || value <= 0) return malformed(name, text);
  if (unit === '') {
    const points = amountIn(name, number);
    return points.ok ? ok({ by: 'points', points: points.value }) : points;
  }
  if (value > 100) return malformed(name, text);
  if (unit === '%') return ok({ by: 'percent', percent: value });
  if (range === undefined) return deny('MISSING_FIELD', `"${text}" needs indicators.atr in the item.`, { field: name, remedy: 'Put an Indicator node with a result named atr before this node, such as atr(14).' });
  return ok({ by: 'atr', atr: range, multiple: value });
}

/** The average true range that the item brings along. */
export function rangeOf({ indicators }: ProtectionItem): Money | undefined {
  const atr = indicators?.['atr'];
  return typeof atr === 'number' && atr > 0 && atr < MOST ? toMoney(atr) : undefined;
}

function timeStopOf({ exitAfterMinutes, exitAt }: ProtectionParams): Outcome<TimeStop | undefined> {
  if (exitAfterMinutes !== undefined) return ok({ by: 'duration', durationMs: Math.round(exitAfterMinutes * 60_000) });
  if (exitAt === undefined || exitAt === '') return ok(undefined);
  const [, hours = '', minutes = ''] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(exitAt) ?? [];
  if (hours === '') return deny('INVALID_PARAMETER', `"${exitAt}" is no time of the day.`, { field: 'exitAt', value: exitAt, remedy: 'Write it as 15:00.' });
  return ok({ by: 'timeOfDay', minutes: Number(hours) * 60 + Number(minutes) });
}

/** Far above any price, and still exact. */
const MOST = 1e9;

function amountIn(name: string, text: string): Outcome<Money> {
  const value = Number(text.trim());
  return text.trim() !== '' && value >= 0.0001 && value <= MOST ? ok(toMoney(value)) : malformed(name, text);
}

function malformed(name: string, text: string): ReturnType<typeof deny> {
  return deny('INVALID_PARAMETER', `"${text}" is no distance or price above 0.`, { field: name, value: text, remedy: 'Write 5, 1%, 2 atr or @795.' });
}
