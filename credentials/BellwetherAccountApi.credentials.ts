import type { Icon, ICredentialType } from 'n8n-workflow';
import { accountProperties } from '../runtime/hosts/n8n';

/** A paper account: capital, market hours and limits. Tested by its nodes, without network. */
export class BellwetherAccountApi implements ICredentialType {
  name = 'bellwetherAccountApi';
  displayName = 'Bellwether Account API';
  documentationUrl = 'https://github.com/bellwether-trading/bellwether#readme';
  icon: Icon = { light: 'file:../nodes/BellwetherAccount/bellwetherAccount.svg', dark: 'file:../nodes/BellwetherAccount/bellwetherAccount.dark.svg' };
  properties = accountProperties('paper');
  restrictToSupportedNodes = true as const;
}
