import type { OrderType } from '../order';

/** Which prices an order type carries. */
export const PRICES: Readonly<Record<OrderType, { readonly limit: boolean; readonly trigger: boolean }>> = {
  MARKET: { limit: false, trigger: false },
  LIMIT: { limit: true, trigger: false },
  SL: { limit: true, trigger: true },
  'SL-M': { limit: false, trigger: true },
};
