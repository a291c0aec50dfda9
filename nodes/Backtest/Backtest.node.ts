import { ActionNode } from '../../runtime/hosts/n8n';
import { backtest } from './definition';

export class Backtest extends ActionNode {
  constructor() {
    super(backtest);
  }
}
