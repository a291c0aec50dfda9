import { registerAction, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { backtest } from './definition';

export default (RED: NodeAPI): void => registerAction(RED, backtest);
