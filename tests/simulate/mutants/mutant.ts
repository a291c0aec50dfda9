import type { Broker, Store } from '../../../runtime/domain/ports';
import type { OrderRouter, RouterPorts } from '../../../runtime/services/orderRouter/router';
import type { World } from '../world';

/** One deliberate fault, put between the product and its ports in every simulated process. */
export interface Mutant {
  readonly name: string;
  store?(store: Store, world: World): Store;
  router?(router: OrderRouter, ports: RouterPorts): OrderRouter;
  broker?(broker: Broker, world: World): Broker;
}

/** The product as it is. */
export const NO_MUTANT: Mutant = { name: 'none' };
