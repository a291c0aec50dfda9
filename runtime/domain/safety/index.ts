export { AccountSafety, SAFETY_NODE } from './safety';
export { squareOffAt } from './squareOff';
