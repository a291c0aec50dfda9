import { ActionNode } from '../../runtime/hosts/n8n';
import { marketData } from './definition';

export class MarketData extends ActionNode {
  constructor() {
    super(marketData);
  }
}
