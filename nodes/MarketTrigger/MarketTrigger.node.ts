import { SourceTriggerNode } from '../../runtime/hosts/n8n';
import { marketTrigger } from './definition';

export class MarketTrigger extends SourceTriggerNode {
  constructor() {
    super(marketTrigger);
  }
}
