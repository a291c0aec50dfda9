import { ActionNode } from '../../runtime/hosts/n8n';
import { condition } from './definition';

export class Condition extends ActionNode {
  constructor() {
    super(condition);
  }
}
