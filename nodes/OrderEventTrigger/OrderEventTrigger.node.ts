import { SourceTriggerNode } from '../../runtime/hosts/n8n';
import { orderEventTrigger } from './definition';

export class OrderEventTrigger extends SourceTriggerNode {
  constructor() {
    super(orderEventTrigger);
  }
}
