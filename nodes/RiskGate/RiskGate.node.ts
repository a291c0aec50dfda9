import { ActionNode } from '../../runtime/hosts/n8n';
import { riskGate } from './definition';

export class RiskGate extends ActionNode {
  constructor() {
    super(riskGate);
  }
}
