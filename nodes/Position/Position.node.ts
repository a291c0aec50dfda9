import { ActionNode } from '../../runtime/hosts/n8n';
import { position } from './definition';

export class Position extends ActionNode {
  constructor() {
    super(position);
  }
}
