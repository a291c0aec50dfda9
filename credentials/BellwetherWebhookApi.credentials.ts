import type { Icon, ICredentialType } from 'n8n-workflow';
import { webhookProperties } from '../runtime/hosts/n8n';

/** The key that incoming alerts must carry. */
export class BellwetherWebhookApi implements ICredentialType {
  name = 'bellwetherWebhookApi';
  displayName = 'Bellwether Webhook Key API';
  documentationUrl = 'https://github.com/bellwether-trading/bellwether#readme';
  icon: Icon = { light: 'file:../nodes/TradingViewTrigger/tradingViewTrigger.svg', dark: 'file:../nodes/TradingViewTrigger/tradingViewTrigger.dark.svg' };
  properties = webhookProperties();
  restrictToSupportedNodes = true as const;
}
