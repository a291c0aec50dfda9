import { WebhookTriggerNode } from '../../runtime/hosts/n8n';
import { chartInkTrigger } from './definition';

export class ChartInkTrigger extends WebhookTriggerNode {
  constructor() {
    super(chartInkTrigger);
  }
}
