import { registerTrigger, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { chartInkTrigger } from './definition';

export default (RED: NodeAPI): void => registerTrigger(RED, chartInkTrigger);
