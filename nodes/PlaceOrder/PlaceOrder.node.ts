import { ActionNode } from '../../runtime/hosts/n8n';
import { placeOrder } from './definition';

export class PlaceOrder extends ActionNode {
  constructor() {
    super(placeOrder);
  }
}
