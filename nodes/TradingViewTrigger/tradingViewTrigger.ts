import { registerTrigger, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { tradingViewTrigger } from './definition';

export default (RED: NodeAPI): void => registerTrigger(RED, tradingViewTrigger);
