import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { condition } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, condition);
