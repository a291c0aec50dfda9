import type { Envelope } from '../../domain/envelope';

/** What began something, and what an order went by. */
export interface Because {
  readonly trigger?: string;
  readonly because?: string;
}

/** Why nodes act: the trigger's condition first, then those that the item has passed on its way, each with the values it had. */
export interface Reasons {
  /** A signal begins: by a trigger of that name with this item, or by hand. */
  began(signalId: string, by: string, item?: Envelope): void;
  /** A node takes an item. */
  took(signalId: string, nodeKey: string, item: Envelope): void;
  /** A node gives an item for one that it took. */
  gave(signalId: string, taken: Envelope, given: Envelope): void;
  because(nodeKey: string, signalId: string): Because;
}

/**
 * An item carries the newest condition only, and passes through nodes of other makers that know nothing of ours. So the way is kept beside it, by signal and by what the item's condition
 * says: two branches of one signal have different ones. An item that lost its condition has come by the trigger's.
 */
export function createReasons(): Reasons {
  const triggers = new Map<string, string>();
  const ways = new Map<string, Map<string, readonly string[]>>();
  /** By signal, then by node. */
  const taken = new Map<string, Map<string, readonly string[]>>();

  const wayOf = (signalId: string, item: Envelope): readonly string[] => {
    const own = conditionOf(item);
    return ways.get(signalId)?.get(own.join('\n')) ?? own;
  };
  const keep = (book: Map<string, Map<string, readonly string[]>>, signalId: string, key: string, way: readonly string[]): void => {
    const ofSignal = book.get(signalId) ?? new Map<string, readonly string[]>();
    book.set(signalId, ofSignal.set(key, way));
  };

  return {
    began(signalId, by, item) {
      triggers.set(signalId, by);
      if (item !== undefined && conditionOf(item).length > 0) keep(ways, signalId, '', conditionOf(item));
    },
    took(signalId, nodeKey, item) {
      const way = wayOf(signalId, item);
      if (way.length > 0) keep(taken, signalId, nodeKey, way);
    },
    gave(signalId, from, to) {
      const [before, after] = [conditionOf(from).join('\n'), conditionOf(to)];
      if (after.length === 0 || after.join('\n') === before) return;
      const way = wayOf(signalId, from);
      keep(ways, signalId, after.join('\n'), [...way, ...after.filter((each) => !way.includes(each))]);
    },
    because(nodeKey, signalId) {
      const trigger = triggers.get(signalId);
      const because = taken.get(signalId)?.get(nodeKey)?.join('; ');
      return { ...(trigger === undefined ? {} : { trigger }), ...(because === undefined ? {} : { because }) };
    },
  };
}

function conditionOf({ condition }: Envelope): readonly string[] {
  return condition?.why ?? [];
}
