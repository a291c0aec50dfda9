import { z } from 'zod';

/**
 * Why something was refused. A refusal is a value, never an exception: codes are stable, words may improve.
 * `field` names the offending input, `remedy` says what a person can do about it;
 * `rule`, `limit` and `value` are set by the risk gate.
 */
export const DENIAL_CODES = [
  // input
  'MALFORMED_BODY', 'MISSING_FIELD', 'INVALID_FIELD', 'INVALID_PARAMETER', 'BODY_TOO_LARGE', 'TOO_MANY_SYMBOLS',
  'WRONG_SECRET', 'SOURCE_NOT_ALLOWED', 'LOCKED_OUT', 'TOO_MANY_REQUESTS', 'NOT_READY',
  'STALE_SIGNAL', 'DELAYED_DATA', 'AMBIGUOUS_ACTION',
  // instruments
  'MALFORMED_SYMBOL', 'UNKNOWN_SYMBOL', 'AMBIGUOUS_SYMBOL', 'EXPIRED_SYMBOL', 'NOT_TRADABLE',
  // sizing
  'QUANTITY_ZERO', 'NO_SIZE', 'NO_STOP_DISTANCE',
  // risk gate, in the order in which its rules run
  'LEASE_LOST', 'KILL_SWITCH', 'NOT_ARMED', 'UNEXPLAINED_STATE', 'RUNTIME_STALLED', 'BROKER_PAUSED', 'UNRESOLVED_ORDER', 'SQUARE_OFF_TIME', 'MARKET_CLOSED', 'NO_PRICE', 'STALE_PRICE', 'QUANTITY_INVALID', 'LOT_SIZE',
  'MAX_ORDER_QUANTITY', 'MAX_ORDER_VALUE', 'PRICE_COLLAR', 'MAX_POSITION', 'MAX_SYMBOL_EXPOSURE',
  'MAX_OPEN_POSITIONS', 'MAX_DAILY_ORDERS', 'MAX_DAILY_LOSS', 'EXITS_ONLY', 'RE_ENTRY_LIMIT', 'TRADE_LOCK', 'WOULD_REVERSE', 'RISK_UNREADABLE',
  // order path
  'PRICE_OFF_TICK', 'NO_POSITION', 'ALREADY_HELD', 'ORDER_REJECTED', 'OUTCOME_UNKNOWN', 'NOT_SUPPORTED', 'EXPIRED_UNSENT',
  'INSUFFICIENT_FUNDS', 'NOT_FOUND', 'BLOCKED_BY_GATE', 'TEST_STEP_LIVE',
  'RATE_LIMITED', 'SESSION_EXPIRED', 'TOO_MANY_SLICES', 'BASKET_STOPPED', 'NO_PROTECTION_OWNER', 'VAULT_LOCKED',
  'APPROVAL_DECLINED', 'APPROVAL_EXPIRED', 'PRICE_MOVED',
] as const;

export const DenialCode = z.enum(DENIAL_CODES);
export type DenialCode = z.infer<typeof DenialCode>;

export const Denial = z.object({
  code: DenialCode,
  message: z.string(),
  field: z.string().optional(),
  remedy: z.string().optional(),
  rule: z.string().optional(),
  limit: z.union([z.number(), z.string()]).optional(),
  value: z.union([z.number(), z.string()]).optional(),
  /** When it may go, where that is known: in so many milliseconds. */
  retryAfterMs: z.number().nonnegative().optional(),
});
export type Denial = z.infer<typeof Denial>;

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly denial: Denial };

export function ok<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** A refusal in whole sentences: what is wrong and what to do about it. A broker's own words may end without a full stop. */
export function explained({ message, remedy }: Pick<Denial, 'message' | 'remedy'>): string {
  if (remedy === undefined) return message;
  return `${message}${/[.!?:)]$/.test(message.trimEnd()) ? '' : '.'} ${remedy}`;
}

export function deny(code: DenialCode, message: string, more: Omit<Denial, 'code' | 'message'> = {}): { readonly ok: false; readonly denial: Denial } {
  return { ok: false, denial: { code, message, ...more } };
}
