import { registerSourceTrigger, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { marketTrigger } from './definition';

export default (RED: NodeAPI): void => registerSourceTrigger(RED, marketTrigger);
