import { SourceTriggerNode } from '../../runtime/hosts/n8n';
import { cronMarketHours } from './definition';

export class CronMarketHours extends SourceTriggerNode {
  constructor() {
    super(cronMarketHours);
  }
}
