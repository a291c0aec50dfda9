import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { performance } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, performance);
