import type { AccountEvent } from '../../runtime/domain/accountEvent';
import type { Envelope, OrderView } from '../../runtime/domain/envelope';
import { splitKey } from '../../runtime/domain/market';
import { withText } from '../../runtime/domain/orderText';
import { severityOf } from './severity';

/**
 * An event's item. It says what is and asks for nothing: no action, no quantity, so that an order behind it has to be meant. The runtime gives the signal
 * its id.
 */
export function itemOf(event: AccountEvent, order: OrderView | undefined, signalName: string | undefined): Envelope {
  const { kind, message, account, strategyId, signalId, instrument, denial, facts, happenedAt: at } = event;
  return {
    v: 1,
    signal: { id: 'order', source: 'order', at, ...(signalName === undefined ? {} : { name: signalName }) },
    ...(instrument === undefined ? {} : splitKey(instrument)),
    event: {
      kind, message, at, severity: severityOf(event), account,
      ...(strategyId === undefined ? {} : { strategyId }), ...(signalId === undefined ? {} : { signalId }), ...(denial === undefined ? {} : { denial }), facts,
    },
    ...(order === undefined ? {} : { order: withText(order) }),
  };
}
