export { restingEntries } from './restingEntries';
export { AccountSafety, SAFETY_NODE } from './safety';
export { squareOffAt } from './squareOff';
