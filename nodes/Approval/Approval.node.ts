import { ActionNode } from '../../runtime/hosts/n8n';
import { approval } from './definition';

export class Approval extends ActionNode {
  constructor() {
    super(approval);
  }
}
