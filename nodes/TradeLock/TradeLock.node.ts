import { ActionNode } from '../../runtime/hosts/n8n';
import { tradeLock } from './definition';

export class TradeLock extends ActionNode {
  constructor() {
    super(tradeLock);
  }
}
