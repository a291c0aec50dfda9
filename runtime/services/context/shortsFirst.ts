import { underlyingOf } from '../../domain/closingOrder';
import type { PositionView } from '../../domain/envelope';
import type { CommandResult } from '../../domain/nodeContext';
import { follow, hasEnded } from '../orderRouter/follow';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';

/** How often, and how long over all commands of a node, a long waits for the shorts on its underlying. */
const LOOK_MS = 250;
const MOST_LOOKS = 20;

/** Holds back the close of a long until what the same node has sent before it to buy shorts on the same underlying back has ended, within bounds: a bought option may be what covers them. */
export interface ShortsFirst {
  /** Called with the position that is about to be closed. */
  wait(position: PositionView): Promise<void>;
  note(result: CommandResult): void;
}

export function createShortsFirst(ports: RouterPorts, account: RoutedAccount): ShortsFirst {
  const orders = new Map<string, readonly string[]>();
  let looks = 0;
  return {
    async wait(position) {
      const ids = position.quantity > 0 ? orders.get(underlyingOf(position)) ?? [] : [];
      for (let open = ids; open.length > 0; looks += 1) {
        const seen = await Promise.all(open.map((id) => follow(ports, account, id, hasEnded, { looks: 0, everyMs: 0 })));
        open = seen.filter((order) => !hasEnded(order)).map(({ id }) => id);
        if (open.length === 0 || looks >= MOST_LOOKS) return;
        await ports.pause(LOOK_MS);
      }
    },
    note(result) {
      if (result.kind !== 'close' || result.position.quantity >= 0) return;
      const placed = result.outcomes.flatMap((outcome) => (outcome.kind === 'placed' ? [outcome.order.id] : []));
      const on = underlyingOf(result.position);
      orders.set(on, [...(orders.get(on) ?? []), ...placed]);
    },
  };
}
