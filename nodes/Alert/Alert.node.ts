import { ActionNode } from '../../runtime/hosts/n8n';
import { alert } from './definition';

export class Alert extends ActionNode {
  constructor() {
    super(alert);
  }
}
