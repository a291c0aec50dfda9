import type { Owners } from '../../domain/ports';
import type { AccountDesk } from '../accounts/accountDesk';
import type { RouterPorts } from '../orderRouter/ports';

export interface ProtectionPorts extends RouterPorts {
  readonly accounts: Pick<AccountDesk, 'use'>;
  readonly owners: Pick<Owners, 'own' | 'isAlive'>;
  /** How long a lease lasts. Default 15 s; a recording, whose time jumps and which has one process, wants a longer one. */
  readonly leaseMs?: number;
  /** Begins work that nobody waits for. In a recording, the recording does. Default: at once. */
  readonly soon?: (work: () => Promise<void>) => void;
}
