import { deny, ok, type Outcome } from '../denial';

/** More slices than any order of ours needs; a gateway's own limit is as high. */
const MAX_SLICES = 100;

/**
 * An order's quantity in parts that each respect the freeze quantity and the lot, the largest first.
 * One part when there is no freeze quantity. Denies MAX_ORDER_QUANTITY beyond 100 parts, LOT_SIZE for a quantity that is no lot multiple.
 */
export function sliceQuantity({ quantity, freezeQuantity, lotSize }: { readonly quantity: number; readonly freezeQuantity?: number; readonly lotSize: number }): Outcome<readonly number[]> {
  if (!Number.isSafeInteger(quantity) || quantity <= 0 || quantity % lotSize !== 0) {
    return deny('LOT_SIZE', `The quantity must be a multiple of the lot of ${lotSize}.`, { field: 'quantity', limit: lotSize, value: quantity });
  }
  const largest = freezeQuantity === undefined ? quantity : Math.max(Math.floor(freezeQuantity / lotSize), 1) * lotSize;
  const whole = Math.floor(quantity / largest);
  const rest = quantity % largest;
  if (whole + (rest > 0 ? 1 : 0) > MAX_SLICES) {
    return deny('MAX_ORDER_QUANTITY', `The order needs more than ${MAX_SLICES} slices.`, { field: 'quantity', limit: largest * MAX_SLICES, value: quantity });
  }
  return ok([...Array.from({ length: whole }, () => largest), ...(rest > 0 ? [rest] : [])]);
}
