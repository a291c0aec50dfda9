import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { tradeLock } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, tradeLock);
