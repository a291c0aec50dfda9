import type { Icon, ICredentialType } from 'n8n-workflow';
import { accountProperties } from '../runtime/hosts/n8n';

/** An account at Upstox: access, capital and limits. Tested by its nodes, which ask the broker. */
export class BellwetherUpstoxApi implements ICredentialType {
  name = 'bellwetherUpstoxApi';
  displayName = 'Bellwether Upstox API';
  documentationUrl = 'https://github.com/bellwether-trading/bellwether#readme';
  icon: Icon = { light: 'file:../nodes/BellwetherAccount/bellwetherAccount.svg', dark: 'file:../nodes/BellwetherAccount/bellwetherAccount.dark.svg' };
  properties = accountProperties('upstox');
  restrictToSupportedNodes = true as const;
}
