export { sizeQuantity, type Sized, type SizingRequest, type SizingRule } from './sizeQuantity';
export { largestSlice, MAX_SLICES } from './largestSlice';
