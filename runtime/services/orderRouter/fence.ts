import type { Denial } from '../../domain/denial';
import { leaseLost as lost, type Fence } from '../../domain/lease';
import type { RouterPorts } from './ports';

/** What is said to an owner whose lease somebody else has by now, or that is over: it cancels nothing any more. Undefined while it is held, and for work that has no owner. Orders are checked in the transaction that admits them. */
export async function leaseLost({ store, clock }: Pick<RouterPorts, 'store' | 'clock'>, fence: Fence | undefined): Promise<Denial | undefined> {
  if (fence === undefined) return undefined;
  const lease = (await store.leases.list()).find(({ name }) => name === fence.name);
  if (lease?.token === fence.token && lease.until > clock.now()) return undefined;
  return lost(fence);
}
