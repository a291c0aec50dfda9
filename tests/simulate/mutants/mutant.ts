import type { Broker, Store } from '../../../runtime/domain/ports';
import type { OrderRouter, RouterPorts } from '../../../runtime/services/orderRouter/router';

/** One deliberate fault, put between the product and its ports in every simulated process. */
export interface Mutant {
  readonly name: string;
  /** No step of the journal waits for the disk. */
  readonly unflushed?: boolean;
  /** The gate does not know when sessions end. */
  readonly noCalendar?: boolean;
  store?(store: Store): Store;
  router?(router: OrderRouter, ports: RouterPorts): OrderRouter;
  broker?(broker: Broker): Broker;
}

/** The product as it is. */
export const NO_MUTANT: Mutant = { name: 'none' };
