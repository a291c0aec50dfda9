import { registerSourceTrigger, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { cronMarketHours } from './definition';

export default (RED: NodeAPI): void => registerSourceTrigger(RED, cronMarketHours);
