import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { riskGate } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, riskGate);
