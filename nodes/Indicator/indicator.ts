import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { indicator } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, indicator);
