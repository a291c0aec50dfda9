import { WebhookTriggerNode } from '../../runtime/hosts/n8n';
import { tradingViewTrigger } from './definition';

export class TradingViewTrigger extends WebhookTriggerNode {
  constructor() {
    super(tradingViewTrigger);
  }
}
