import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { marketData } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, marketData);
