import type { Owners } from '../../domain/ports';
import type { AccountDesk } from '../accounts/accountDesk';
import type { RouterPorts } from '../orderRouter/ports';

export interface ProtectionPorts extends RouterPorts {
  readonly accounts: Pick<AccountDesk, 'use'>;
  readonly owners: Pick<Owners, 'own' | 'isAlive'>;
}
