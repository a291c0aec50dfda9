import type { AccountEventKind } from '../accountEvent';
import type { EpochMs } from '../time';
import { actionsOf, type ProtectionAction } from './actions';
import type { Protection } from './protection';

/** Something people and flows may want to hear, once: `key` is unique within the protection. */
export interface Notice {
  readonly kind: Extract<AccountEventKind, 'stopHit' | 'targetHit' | 'trailMoved' | 'protectionFailed' | 'protectionLost'>;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly key: string;
  readonly message: string;
}

export function notice(kind: Notice['kind'], severity: Notice['severity'], key: string, message: string): Notice {
  return { kind, severity, key, message };
}

/** What an event makes of a protection: the state to write, and what may be done once it is durable. `changed` is false when there is nothing to write. */
export interface Reduced {
  readonly next: Protection;
  readonly actions: readonly ProtectionAction[];
  readonly notices: readonly Notice[];
  readonly changed: boolean;
}

export function finished(before: Protection, next: Protection, now: EpochMs, notices: readonly Notice[] = []): Reduced {
  const changed = next !== before;
  const stamped = changed ? { ...next, updatedAt: now } : before;
  return { next: stamped, actions: actionsOf(stamped), notices, changed };
}
