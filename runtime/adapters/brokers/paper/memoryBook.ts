import type { Position } from '../../../domain/position';
import { asMoney } from '../../../domain/money';
import { isResting, type BookPage, type PaperBook, type PaperOrder } from '../../../domain/paper';

/** A book that ends with the process: tests and replay. */
export function memoryPaperBook(): PaperBook {
  const orders = new Map<string, PaperOrder>();
  const positions = new Map<string, Position>();
  const resting = new Map<string, PaperOrder>();
  let undo: (() => void)[] = [];

  const put = <V>(map: Map<string, V>, key: string, value: V | undefined): void => {
    const before = map.get(key);
    undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  };
  const page: BookPage = {
    order: (id) => orders.get(id),
    resting: (instrument) => [...resting.values()].filter((order) => instrument === undefined || order.instrument === instrument),
    recent: (limit) => [...orders.values()].slice(-limit).reverse(),
    position: (instrument, product) => positions.get(`${product} ${instrument}`),
    openPositions: () => [...positions.values()].filter((position) => position.quantity !== 0),
    totals: () => ({
      realisedPnl: asMoney([...positions.values()].reduce((sum, position) => sum + position.realisedPnl, 0)),
      charges: asMoney([...positions.values()].reduce((sum, position) => sum + position.charges, 0)),
    }),
    saveOrder(order) {
      put(orders, order.id, order);
      put(resting, order.id, isResting(order) ? order : undefined);
    },
    savePosition: (position) => put(positions, `${position.product} ${position.instrument}`, position),
  };
  return {
    sharesJournal: false,
    step: (work) => new Promise((resolve) => {
      undo = [];
      try {
        resolve(work(page));
      } catch (error) {
        for (const revert of undo.reverse()) revert();
        throw error;
      }
    }),
    look: (ask) => new Promise((resolve) => { resolve(ask(page)); }),
    close: () => Promise.resolve(),
  };
}
