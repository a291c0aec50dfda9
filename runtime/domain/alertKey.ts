import { digest } from './intentKey';
import type { Origin } from './order';

/** The name of an alert: the same message of the same node for the same signal is one alert, however often it is raised. */
export function alertKey({ account, strategyId, nodeKey, signalId }: Origin, message: string): string {
  return digest(['alert', account, strategyId, nodeKey, signalId, message]);
}
