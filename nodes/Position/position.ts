import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { position } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, position);
