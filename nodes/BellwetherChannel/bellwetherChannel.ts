import { registerChannel, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { bellwetherChannel, channelOf } from './definition';

export default (RED: NodeAPI): void => registerChannel(RED, bellwetherChannel, channelOf);
