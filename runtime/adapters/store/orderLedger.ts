import type { z } from 'zod';
import { OrderRow } from './rows';

export { afterFill, afterStatus, orderOf, type OrderStep, type StepEvent } from '../../domain/ledger/bookedOrder';

/** An order as it is stored; see `BookedOrder` of the ledger. */
export const BookedOrder = OrderRow.omit({ happenedAt: true });
export type BookedOrder = z.output<typeof BookedOrder>;
