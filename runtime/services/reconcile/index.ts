export { isTradingTime, reconcileHours } from './hours';
export { createReconciler, ROUND_MS, type Reconciler, type ReconcilerOptions } from './reconciler';
