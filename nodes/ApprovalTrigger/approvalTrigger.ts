import { registerTrigger, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { approvalTrigger } from './definition';

export default (RED: NodeAPI): void => registerTrigger(RED, approvalTrigger);
