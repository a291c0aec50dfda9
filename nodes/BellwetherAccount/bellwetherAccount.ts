import { registerAccount, type NodeAPI } from '../../runtime/hosts/nodeRed';
import { accountOf, bellwetherAccount } from './definition';

export default (RED: NodeAPI): void => registerAccount(RED, bellwetherAccount, accountOf);
