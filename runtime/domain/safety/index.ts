export { AccountSafety } from './safety';
export { squareOffAt } from './squareOff';
