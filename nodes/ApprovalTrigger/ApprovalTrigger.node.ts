import { WebhookTriggerNode } from '../../runtime/hosts/n8n';
import { approvalTrigger } from './definition';

export class ApprovalTrigger extends WebhookTriggerNode {
  constructor() {
    super(approvalTrigger);
  }
}
