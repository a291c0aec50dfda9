import type { OrderRequest } from '../../domain/nodeContext';
import type { Action, Origin } from '../../domain/order';
import type { RouterPorts } from './ports';

/** The side that closes what a strategy holds in the instrument and product of an exit; undefined where nothing is held. */
export async function exitSide({ store }: Pick<RouterPorts, 'store'>, origin: Origin, { instrument, product, strategyId = origin.strategyId }: OrderRequest): Promise<Action | undefined> {
  const held = (await store.positions({ account: origin.account, strategyId, openOnly: true })).find((position) => position.instrument === instrument.key && position.product === product);
  return held === undefined ? undefined : held.quantity > 0 ? 'SELL' : 'BUY';
}
