import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { alert } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, alert);
