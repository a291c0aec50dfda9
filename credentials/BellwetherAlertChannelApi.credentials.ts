import type { Icon, ICredentialType } from 'n8n-workflow';
import { channelProperties } from '../runtime/hosts/n8n';

/** Where alerts are sent: Telegram, Discord, Slack or a webhook. */
export class BellwetherAlertChannelApi implements ICredentialType {
  name = 'bellwetherAlertChannelApi';
  displayName = 'Bellwether Alert Channel API';
  documentationUrl = 'https://github.com/bellwether-trading/bellwether#readme';
  icon: Icon = { light: 'file:../nodes/BellwetherChannel/bellwetherChannel.svg', dark: 'file:../nodes/BellwetherChannel/bellwetherChannel.dark.svg' };
  properties = channelProperties();
  restrictToSupportedNodes = true as const;
}
