import { registerSourceTrigger, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { orderEventTrigger } from './definition';

export default (RED: NodeAPI): void => registerSourceTrigger(RED, orderEventTrigger);
