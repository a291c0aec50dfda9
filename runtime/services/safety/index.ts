export { createSafety, SAFETY_ROUND_MS, type Safety, type SafetyOptions } from './createSafety';
export { NODE_KEY as SAFETY_NODE } from './tries';
