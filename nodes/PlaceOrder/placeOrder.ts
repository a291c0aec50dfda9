import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { placeOrder } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, placeOrder);
