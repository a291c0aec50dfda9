export { createSafety, SAFETY_ROUND_MS, type Safety, type SafetyOptions } from './createSafety';
