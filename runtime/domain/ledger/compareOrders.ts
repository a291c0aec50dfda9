import type { InstrumentKey } from '../market';
import { TERMINAL_STATUSES, type Order } from '../order';
import type { ListedOrder } from '../ports';
import type { EpochMs, IsoDate } from '../time';
import type { ExternalOrder, Finding, JournalPicture } from './difference';

export interface OrderComparison {
  /** Orders of ours of which the list says something else: the broker shall be asked about them. With what remains if that settles nothing. */
  readonly ask: readonly { readonly order: Order; readonly finding: Finding }[];
  /** Orders of somebody else with something new. */
  readonly adopt: readonly ListedOrder[];
  /** Orders of an earlier day that are open in the journal, or of unknown outcome, and not listed: their day is over. They are settled where the positions agree, else `finding` stands. */
  readonly over: readonly { readonly order: Order; readonly finding: Finding }[];
  readonly findings: readonly Finding[];
}

/** Who looks at what: the day an order belongs to. */
export interface DayOf {
  (at: EpochMs): IsoDate;
}

/**
 * The broker's list of the day's orders against the journal. Silence about an order of today is a finding, never an end; an order that is not known is
 * somebody else's only if no order of ours with the same terms is still without the broker's answer.
 */
export function compareOrders(picture: Pick<JournalPicture, 'orders' | 'external'>, listed: readonly ListedOrder[], { dayOf, now }: { readonly dayOf: DayOf; readonly now: EpochMs }): OrderComparison {
  const owned = ownersOf(picture.orders);
  const seen = new Set<string>();
  const ask: OrderComparison['ask'][number][] = [];
  const adopt: ListedOrder[] = [];
  const findings: Finding[] = [];
  for (const row of listed) {
    const order = owned(row);
    if (order !== undefined) {
      seen.add(order.id);
      const disagreement = compareOne(order, row);
      if (disagreement === 'same') continue;
      const finding = progressFinding(order, row);
      if (disagreement === 'behind') ask.push({ order, finding });
      else findings.push(finding);
      continue;
    }
    if (!hasNews(row, knownExternal(row, picture.external, dayOf))) continue;
    const twin = picture.orders.find((candidate) => isTwin(candidate, row));
    if (twin !== undefined) findings.push(twinFinding(row, twin));
    else if (row.product === undefined && filledOf(row) > 0) findings.push(strangerFinding(row, 'its product is not told'));
    else if (row.product !== undefined) adopt.push(row);
  }
  const missing = picture.orders.filter((order) => isAtTheBroker(order) && !seen.has(order.id)).map((order) => ({ order, finding: missingFinding(order) }));
  const isOver = (order: Order): boolean => dayOf(order.createdAt) < dayOf(now);
  return {
    // What became of an order of today whose outcome nobody knows is the router's to find out.
    ask: [...ask, ...missing.filter(({ order }) => !isOver(order) && order.status !== 'UNKNOWN')], adopt, findings,
    over: missing.filter(({ order }) => isOver(order)),
  };
}

/** Units that a row says are filled; a row that is not complete and says nothing has none that we know of. */
export function filledOf({ filledQuantity, status, quantity }: ListedOrder): number {
  return filledQuantity ?? (status === 'FILLED' ? quantity : 0);
}

/** What is known of the external order of a row. Without a time of its own it is the known one of any day: a list that is still yesterday's books nothing twice. */
export function knownExternal(row: ListedOrder, external: readonly ExternalOrder[], dayOf: DayOf): ExternalOrder | undefined {
  const { placedAt } = row;
  return external.find((order) => order.brokerOrderId === row.brokerOrderId && (placedAt === undefined
    ? order.instrument === row.instrument && order.action === row.action && order.quantity === row.quantity
    : order.day === dayOf(placedAt)));
}

function ownersOf(orders: readonly Order[]): (row: ListedOrder) => Order | undefined {
  const byId = new Map(orders.map((order) => [order.id, order]));
  // Brokers may give a number again on another day: the newest order in the same instrument is meant.
  const byBroker = new Map(orders.flatMap((order) => (order.brokerOrderId === undefined ? [] : [[brokerKey(order.brokerOrderId, order.instrument), order] as const])));
  return (row) => (row.orderId === undefined ? undefined : byId.get(row.orderId)) ?? byBroker.get(brokerKey(row.brokerOrderId, row.instrument));
}

function brokerKey(brokerOrderId: string, instrument: InstrumentKey): string {
  return `${brokerOrderId} ${instrument}`;
}

/** behind: the broker knows more. ahead: the journal has what the broker does not list. */
function compareOne(order: Order, row: ListedOrder): 'same' | 'behind' | 'ahead' {
  const filled = row.filledQuantity ?? (row.status === 'FILLED' ? row.quantity : order.filledQuantity);
  if (filled > order.filledQuantity || isInDoubt(order)) return 'behind';
  if (filled < order.filledQuantity) return 'ahead';
  const [over, overThere] = [TERMINAL_STATUSES.has(order.status), TERMINAL_STATUSES.has(row.status)];
  if (!over && overThere) return 'behind';
  return over && !overThere ? 'ahead' : 'same';
}

function hasNews(row: ListedOrder, known: ExternalOrder | undefined): boolean {
  if (known !== undefined) return filledOf(row) > known.filledQuantity || row.status !== known.status;
  // What ended without a fill, and was never seen to rest, concerns nobody.
  return filledOf(row) > 0 || !TERMINAL_STATUSES.has(row.status);
}

function isInDoubt({ status }: Order): boolean {
  return status === 'SUBMITTING' || status === 'UNKNOWN';
}

/** True for an order that the broker has, or may have. */
function isAtTheBroker({ status }: Order): boolean {
  return !TERMINAL_STATUSES.has(status) && status !== 'CREATED' && status !== 'SUBMITTING';
}

/** True for an order of ours that this row may be: the broker's answer to it is not known, and it asks for the same. */
function isTwin(order: Order, row: ListedOrder): boolean {
  return isInDoubt(order) && order.brokerOrderId === undefined && order.instrument === row.instrument && order.action === row.action && order.quantity === row.quantity && (row.product ?? order.product) === order.product;
}

function words(row: ListedOrder): string {
  return `${row.action} ${row.quantity} ${row.instrument}, ${row.status}, ${filledOf(row)} filled (broker order ${row.brokerOrderId})`;
}

function progressFinding(order: Order, row: ListedOrder): Finding {
  return {
    key: `order ${order.id}`, kind: 'orderProgress', mark: `${row.status} ${filledOf(row)}`, instrument: order.instrument, product: order.product, orderId: order.id, brokerOrderId: row.brokerOrderId,
    brokerSays: words(row), journalSays: `${order.status}, ${order.filledQuantity} of ${order.quantity} filled`,
  };
}

function missingFinding(order: Order): Finding {
  return {
    key: `order ${order.id}`, kind: 'orderMissing', mark: 'missing', instrument: order.instrument, product: order.product, orderId: order.id, ...(order.brokerOrderId === undefined ? {} : { brokerOrderId: order.brokerOrderId }),
    brokerSays: 'nothing of this order', journalSays: `${order.action} ${order.quantity} ${order.instrument}, ${order.status}, ${order.filledQuantity} filled`,
  };
}

function twinFinding(row: ListedOrder, order: Order): Finding {
  return { ...strangerFinding(row, ''), orderId: order.id, journalSays: `it may be order ${order.id}, whose outcome nobody knows` };
}

function strangerFinding(row: ListedOrder, why: string): Finding {
  return {
    key: `broker order ${row.brokerOrderId}`, kind: 'externalOrder', mark: `${row.status} ${filledOf(row)}`, instrument: row.instrument, ...(row.product === undefined ? {} : { product: row.product }), brokerOrderId: row.brokerOrderId,
    brokerSays: words(row), journalSays: `nothing of this order${why === '' ? '' : `; ${why}`}`,
  };
}
