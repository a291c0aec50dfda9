import { z } from 'zod';
import { Denial } from '../denial';
import type { InstrumentKey } from '../market';
import { asMoney, type Money } from '../money';
import { Action, OrderStatus, OrderType, Product, type Fill } from '../order';
import type { BrokerUpdate } from '../ports';
import type { Position } from '../position';

const MoneySchema = z.int().transform(asMoney);
const Instrument = z.string().min(3).transform((key) => key as InstrumentKey);

const FillSchema: z.ZodType<Fill> = z.object({
  orderId: z.string(), tradeId: z.string(), quantity: z.int().positive(), price: MoneySchema, charges: MoneySchema, happenedAt: z.int(),
});

const UpdateSchema: z.ZodType<BrokerUpdate> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('status'), orderId: z.string(), status: OrderStatus, denial: Denial.exactOptional(), happenedAt: z.int() }),
  z.object({ kind: z.literal('fill'), fill: FillSchema }),
]);

const PaperStatus = z.enum(['TRIGGER_PENDING', 'OPEN', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED']);
export type PaperStatus = z.infer<typeof PaperStatus>;

/** An order as the simulated broker remembers it. */
export const PaperOrder = z.object({
  id: z.string().min(1),
  brokerOrderId: z.string().min(1),
  instrument: Instrument,
  action: Action,
  /** As asked for: a refused order may hold any finite number. */
  quantity: z.number(),
  product: Product,
  orderType: OrderType,
  limitPrice: MoneySchema.exactOptional(),
  triggerPrice: MoneySchema.exactOptional(),
  status: PaperStatus,
  filledQuantity: z.int().nonnegative(),
  /** Units for which margin is reserved while the order rests: those that would open or add to a position. */
  opens: z.int().nonnegative(),
  /** Margin reserved while the order rests; without meaning afterwards. */
  reserved: MoneySchema,
  /** True while it takes what the market offers and got only a part so far: it never had to wait for its price since it came. */
  isTaking: z.literal(true).exactOptional(),
  /** The count of traded units up to which it has had its share. */
  tradedMark: z.number().exactOptional(),
  /** Set where nobody asked for it: the broker closed a position by itself. */
  byBroker: z.enum(['square-off', 'settlement']).exactOptional(),
  /** Everything said about the order so far, in order. */
  updates: z.array(UpdateSchema).readonly(),
  placedAt: z.int(),
});
export type PaperOrder = Readonly<z.infer<typeof PaperOrder>>;

/** True for an order that a quote can still change. */
export function isResting(order: PaperOrder): boolean {
  return order.status === 'OPEN' || order.status === 'TRIGGER_PENDING';
}

/** What the account earned and paid since it was opened, all instruments together. */
export interface BookTotals {
  readonly realisedPnl: Money;
  readonly charges: Money;
}

/** The memory as one step sees it. Everything read and written through one page is one consistent state. */
export interface BookPage {
  order(id: string): PaperOrder | undefined;
  /** Every resting order, of one instrument when given, oldest first. */
  resting(instrument?: InstrumentKey): readonly PaperOrder[];
  /** The newest orders, newest first. */
  recent(limit: number): readonly PaperOrder[];
  /** The account's position; undefined when there never was one. */
  position(instrument: InstrumentKey, product: Product): Position | undefined;
  openPositions(): readonly Position[];
  totals(): BookTotals;
  saveOrder(order: PaperOrder): void;
  savePosition(position: Position): void;
}

/** What a look at the memory may ask. */
export type BookView = Omit<BookPage, 'saveOrder' | 'savePosition'>;

/**
 * The simulated broker's own memory: nothing of the journal is read for it, and the journal learns of it by reports only, as with a real broker.
 * Several processes may share it: a step sees what every earlier step of any process wrote.
 */
export interface PaperBook {
  /** Steps are written into the journal's own file, behind the journal's steps. */
  readonly sharesJournal: boolean;
  /** Runs `work` as one atomic step: when the promise resolves its writes outlive a crash, and are on the disk no later than what the journal books next; when `work` throws nothing is written and the promise rejects. `work` is synchronous and runs at most once. */
  step<T>(work: (page: BookPage) => T): Promise<T>;
  /** Looks at one consistent state: all steps whose promises have resolved, and none that is still on its way. It waits for nobody, so it is for answers that a later step checks again. */
  look<T>(ask: (page: BookView) => T): Promise<T>;
  close(): Promise<void>;
}
