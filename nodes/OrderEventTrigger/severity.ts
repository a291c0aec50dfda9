import type { AccountEventKind } from '../../runtime/domain/accountEvent';

export type Severity = 'info' | 'warning' | 'critical';

/** Somebody has to look now: money may be at stake that nobody guards. */
const CRITICAL: ReadonlySet<AccountEventKind> = new Set(['unknown', 'protectionFailed', 'protectionLost', 'difference', 'dailyLoss', 'killSwitch', 'breakerOpened']);
const WARNING: ReadonlySet<AccountEventKind> = new Set(['rejected', 'expired', 'stopHit', 'squareOff', 'external', 'armed']);

export function severityOf(kind: AccountEventKind): Severity {
  if (CRITICAL.has(kind)) return 'critical';
  return WARNING.has(kind) ? 'warning' : 'info';
}
