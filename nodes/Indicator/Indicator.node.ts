import { ActionNode } from '../../runtime/hosts/n8n';
import { indicator } from './definition';

export class Indicator extends ActionNode {
  constructor() {
    super(indicator);
  }
}
