import type { Icon, ICredentialType } from 'n8n-workflow';
import { accountProperties } from '../runtime/hosts/n8n';

/** An account at a broker behind OpenAlgo: access, capital and limits. Tested by its nodes, which ask the broker. */
export class BellwetherOpenAlgoApi implements ICredentialType {
  name = 'bellwetherOpenAlgoApi';
  displayName = 'Bellwether OpenAlgo API';
  documentationUrl = 'https://github.com/bellwether-trading/bellwether#readme';
  icon: Icon = { light: 'file:../nodes/BellwetherAccount/bellwetherAccount.svg', dark: 'file:../nodes/BellwetherAccount/bellwetherAccount.dark.svg' };
  properties = accountProperties('openalgo');
  restrictToSupportedNodes = true as const;
}
