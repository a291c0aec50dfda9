import type { OrderRequest, PlaceResult } from '../../domain/nodeContext';
import type { Size } from '../../domain/order';
import { largestSlice, MAX_SLICES } from '../../domain/sizing';

/** Slices of one order are told apart by the leg: this far apart, so that no basket reaches the next slice. */
export const SLICE_STRIDE = 1_000;

/** What became of an order, slice by slice. The last one says why there are no more, where it was not placed. */
export type SliceResults = readonly [PlaceResult, ...PlaceResult[]];

/** What became of one slice. `isDone` says outright whether the next one may follow; without it that is read off the order's quantity. */
export interface PlacedSlice {
  readonly result: PlaceResult;
  readonly isDone?: boolean;
}

/**
 * Places an order as several that each respect the freeze quantity and `sliceQuantity`, one after the other, and stops at the first that is not placed. Each slice has an intent of its own,
 * so that a repeat meets those that were placed. An order that needs too many is refused before anything is sent.
 */
export async function placeInSlices(request: OrderRequest, placeOne: (slice: OrderRequest) => Promise<PlacedSlice>): Promise<SliceResults> {
  const { sliceQuantity, ...whole } = request;
  const largest = largestSlice(request.instrument, sliceQuantity);
  const { size } = whole;
  if (size.kind === 'fixed') {
    if (size.quantity > largest * MAX_SLICES) return [tooMany(largest)];
    // The gate refuses by name what is no multiple of the lot.
    if (size.quantity <= largest || size.quantity % request.instrument.lotSize !== 0) return [(await placeOne(whole)).result];
  }
  const first = await placeOne(sliceOf(whole, 0, largest, restOf(size)));
  const results: [PlaceResult, ...PlaceResult[]] = [first.result];
  let rest = restOf(size) - largest;
  for (let slice = 1, last = first; goesOn(last, largest) && rest > 0; slice += 1) {
    last = slice < MAX_SLICES ? await placeOne(sliceOf(whole, slice, largest, rest)) : { result: tooMany(largest) };
    if (last.result.kind !== 'satisfied') results.push(last.result);
    rest -= largest;
  }
  return results;
}

/** A slice that was as large as one may be has perhaps left something. */
function goesOn({ result, isDone }: PlacedSlice, largest: number): boolean {
  return isDone ?? (result.kind === 'placed' && result.order.quantity === largest);
}

/** What an order asks for in all, where its size says so. */
function restOf(size: Size): number {
  return size.kind === 'target' ? Infinity : size.quantity ?? Infinity;
}

function sliceOf(request: OrderRequest, slice: number, largest: number, rest: number): OrderRequest {
  if (largest === Infinity) return request;
  return { ...request, leg: request.leg + slice * SLICE_STRIDE, size: sizeOf(request.size, Math.min(largest, rest)), ...(rest === Infinity || request.size.kind !== 'fixed' ? {} : { remainder: rest }) };
}

function sizeOf(size: Size, atMost: number): Size {
  switch (size.kind) {
    case 'fixed': return { ...size, quantity: atMost };
    case 'exit': return { ...size, quantity: atMost };
    case 'target': return { ...size, atMost };
  }
}

function tooMany(largest: number): PlaceResult {
  return { kind: 'refused', denial: { code: 'TOO_MANY_SLICES', message: `The order would take more than ${MAX_SLICES} slices of ${largest}.`, field: 'quantity', limit: largest * MAX_SLICES, remedy: 'Order less, or in larger slices.' } };
}
