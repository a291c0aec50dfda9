import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { approval } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, approval);
