import type { Denial, DenialCode } from '../../domain/denial';
import type { GateFacts } from './facts';

/** One pre-trade control. `entriesOnly` ones never stand in the way of an order that only reduces the position. */
export interface Rule {
  readonly name: string;
  readonly entriesOnly: boolean;
  /** The refusal with its limit and value, or undefined when the order passes. */
  check(facts: GateFacts): Denial | undefined;
}

export function refusal(code: DenialCode, message: string, more: Omit<Denial, 'code' | 'message' | 'rule'> = {}): Denial {
  return { code, message, ...more };
}
