import type { InstrumentKey } from '../market';
import { asMoney, fromMoney, type Money } from '../money';
import type { Order, Product } from '../order';
import type { BrokerPosition } from '../ports';
import type { Finding, JournalPicture } from './difference';

export interface PositionQuestion {
  readonly picture: Pick<JournalPicture, 'orders' | 'positions'>;
  /** True for an order of an earlier day: whatever became of it shows in the positions. */
  readonly isOver: (order: Order) => boolean;
  /** The whole list, as it was read: what it leaves out is flat. */
  readonly broker: readonly BrokerPosition[];
  /** False where the broker's list may leave delivered shares out: those are then not compared. */
  readonly coversHoldings: boolean;
  /** The newest price, for what is booked if a person adopts the difference. */
  readonly priceOf: (instrument: InstrumentKey) => Money | undefined;
}

interface Sum {
  readonly instrument: InstrumentKey;
  readonly product: Product;
  /** All strategies and `external` together. */
  ours: number;
  value: number;
  theirs: number;
  price?: Money;
}

/**
 * What the account holds by the broker's word against the sum of all sub-ledgers, per instrument and product. While an order of today in it is without the
 * broker's answer there is nothing to compare: that order is the difference, and is in the way of new risk by itself.
 */
export function comparePositions({ picture, isOver, broker, coversHoldings, priceOf }: PositionQuestion): readonly Finding[] {
  const sums = new Map<string, Sum>();
  const sumOf = (instrument: InstrumentKey, product: Product): Sum => {
    const key = `${instrument} ${product}`;
    const sum = sums.get(key) ?? { instrument, product, ours: 0, value: 0, theirs: 0 };
    sums.set(key, sum);
    return sum;
  };
  for (const { instrument, product, quantity, openValue } of picture.positions) {
    const sum = sumOf(instrument, product);
    sum.ours += quantity;
    sum.value += openValue;
  }
  for (const { instrument, product, quantity, averagePrice } of broker) {
    const sum = sumOf(instrument, product);
    sum.theirs += quantity;
    if (averagePrice !== undefined) sum.price = averagePrice;
  }
  const inDoubt = new Set(picture.orders.filter((order) => (order.status === 'SUBMITTING' || order.status === 'UNKNOWN') && !isOver(order)).map(({ instrument, product }) => `${instrument} ${product}`));
  return [...sums].flatMap(([key, sum]) => {
    if (sum.theirs === sum.ours || inDoubt.has(key) || (sum.product === 'CNC' && !coversHoldings)) return [];
    return [findingOf(sum, priceOf(sum.instrument))];
  });
}

/** True where the sum of the sub-ledgers is what the broker holds in one instrument and product. */
export function agrees(findings: readonly Finding[], { instrument, product }: { readonly instrument: InstrumentKey; readonly product: Product }): boolean {
  return !findings.some((finding) => finding.kind === 'position' && finding.instrument === instrument && finding.product === product);
}

function findingOf({ instrument, product, ours, value, theirs, price: average }: Sum, newest: Money | undefined): Finding {
  const gap = theirs - ours;
  const price = priceOfGap({ ours, value, average, newest });
  return {
    key: `position ${instrument} ${product}`, kind: 'position', mark: String(gap), instrument, product,
    brokerSays: theirs === 0 ? 'no position' : `${theirs}${average === undefined ? '' : ` at ${fromMoney(average)}`}`, journalSays: ours === 0 ? 'no position' : `${ours}`,
    gap, ...(price === undefined ? {} : { price }),
  };
}

/** Where all of it is new, the broker's own average; else the newest price; else our average, which leaves the profit as it is. */
function priceOfGap({ ours, value, average, newest }: { readonly ours: number; readonly value: number; readonly average: Money | undefined; readonly newest: Money | undefined }): Money | undefined {
  if (ours === 0 && average !== undefined) return average;
  return newest ?? average ?? (ours === 0 ? undefined : asMoney(Math.round(value / ours)));
}
