import { ActionNode } from '../../runtime/hosts/n8n';
import { performance } from './definition';

export class Performance extends ActionNode {
  constructor() {
    super(performance);
  }
}
