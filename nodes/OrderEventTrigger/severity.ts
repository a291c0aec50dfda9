import { z } from 'zod';
import type { AccountEvent, AccountEventKind } from '../../runtime/domain/accountEvent';

const Severity = z.enum(['info', 'warning', 'critical']);
type Severity = z.infer<typeof Severity>;

/** Somebody has to look now: money may be at stake that nobody guards. */
const CRITICAL: ReadonlySet<AccountEventKind> = new Set(['unknown', 'protectionFailed', 'protectionLost', 'difference', 'dailyLoss', 'killSwitch', 'breakerOpened']);
const WARNING: ReadonlySet<AccountEventKind> = new Set(['rejected', 'expired', 'stopHit', 'squareOff', 'external', 'armed']);

/** What the event says of itself stands; otherwise its kind decides. */
export function severityOf({ kind, facts }: Pick<AccountEvent, 'kind' | 'facts'>): Severity {
  const said = Severity.safeParse(facts['severity']);
  if (said.success) return said.data;
  if (CRITICAL.has(kind)) return 'critical';
  return WARNING.has(kind) ? 'warning' : 'info';
}
