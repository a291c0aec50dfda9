export { sizeQuantity, type Sized, type SizingRequest, type SizingRule } from './sizeQuantity';
export { sliceQuantity } from './sliceQuantity';
