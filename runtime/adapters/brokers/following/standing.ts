import type { OrderStatus } from '../../../domain/order';

/** Where an order of a list stands. WORKING: the broker has it, and its word for it says no more. COMPLETE is proved by fills alone. */
export type Standing = 'WORKING' | 'COMPLETE' | Extract<OrderStatus, 'TRIGGER_PENDING' | 'OPEN' | 'CANCELLED' | 'REJECTED' | 'EXPIRED'>;

/** What brokers say, and gateways in front of them. A word that is not listed is WORKING: an order is never given up for a word. */
const STANDINGS: Readonly<Record<string, Standing>> = {
  open: 'OPEN', 'trigger pending': 'TRIGGER_PENDING', complete: 'COMPLETE', rejected: 'REJECTED', cancelled: 'CANCELLED',
  pending: 'OPEN', 'partially filled': 'OPEN', 'part traded': 'OPEN', 'modify pending': 'OPEN', 'cancel pending': 'OPEN',
  completed: 'COMPLETE', filled: 'COMPLETE', traded: 'COMPLETE', executed: 'COMPLETE',
  canceled: 'CANCELLED', 'cancelled after market order': 'CANCELLED', expired: 'EXPIRED',
};

export function standingOf(word: string): Standing {
  return STANDINGS[word.trim().toLowerCase().replaceAll(/[_-]+/g, ' ')] ?? 'WORKING';
}

/** The same as a status of an order. */
export const STATUS_OF: Readonly<Record<Standing, OrderStatus>> = { WORKING: 'ACCEPTED', COMPLETE: 'FILLED', TRIGGER_PENDING: 'TRIGGER_PENDING', OPEN: 'OPEN', CANCELLED: 'CANCELLED', REJECTED: 'REJECTED', EXPIRED: 'EXPIRED' };
