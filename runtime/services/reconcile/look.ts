import { chargesOf } from '../../domain/charges';
import type { Denial, Outcome } from '../../domain/denial';
import { compareOrders, filledOf, knownExternal, type OrderComparison } from '../../domain/ledger/compareOrders';
import { agrees, comparePositions } from '../../domain/ledger/comparePositions';
import type { Finding, JournalPicture } from '../../domain/ledger/difference';
import { provenUnfilled, unknownFinding } from '../../domain/ledger/unknownOrders';
import { asMoney, ZERO_MONEY, type Money } from '../../domain/money';
import type { Order } from '../../domain/order';
import type { BrokerPosition, ListedOrder } from '../../domain/ports';
import { adopt as adoptAnswer, isInDoubt, isYoung, knownOf } from '../orderRouter/follow';
import type { RoutedAccount, RouterPorts } from '../orderRouter/ports';
import { RESOLVE_DEADLINE_MS } from '../orderRouter/resume';
import { LIST_LAG_MS } from './patience';

/** What one look found. A list that was not read leaves its findings out, and says nothing about them. */
export interface Looked {
  readonly findings: readonly Finding[];
  readonly picture: JournalPicture;
  readonly readOrders: boolean;
  readonly readPositions: boolean;
  /** Why a list that the broker has could not be read. */
  readonly unread?: Denial;
  /** Orders of ours that were brought up to date, and trades of somebody else that were booked. */
  readonly merged: number;
  readonly adopted: number;
  /** Exits of unknown outcome of which both lists, asked for after the deadline, prove that they did not fill. */
  readonly unfilled: readonly Order[];
}

/** So many orders are asked for in one look; the rest waits for the next. */
const MOST_ASKED = 100;
/** So many of the broker's orders are compared, the newest of its list as it comes. */
const MOST_COMPARED = 5_000;

/**
 * One look: the broker's lists first, the journal afterwards, so that whatever is listed as ours is known here by then. What the broker knows better is
 * merged, what is somebody else's is adopted, and what is left is told as findings.
 */
export async function look(ports: RouterPorts, account: RoutedAccount, { isStart }: { readonly isStart: boolean }): Promise<Looked> {
  await settleDoubts(ports, account, isStart);
  const askedAt = ports.clock.now();
  const orders = await list(account.broker.orders?.bind(account.broker));
  const positions = await list(account.broker.positions?.bind(account.broker));
  const listed = orders?.ok === true ? orders.value.slice(0, MOST_COMPARED) : undefined;
  const first = await pictureOf(ports, account, listed);
  const compared = listed === undefined ? undefined : compareOrders(first, listed, scope(ports, account));
  const merged = compared === undefined ? 0 : await ask(ports, account, compared.ask.map(({ order }) => order));
  const adopted = compared === undefined ? 0 : await adoptAll(ports, account, compared.adopt, first);
  const picture = merged + adopted === 0 ? first : await pictureOf(ports, account, listed);
  const again = listed === undefined || compared === undefined ? undefined : merged + adopted === 0 ? compared : compareOrders(picture, listed, scope(ports, account));
  const compare = await findingsOf(ports, account, { picture, orders: again, positions: positions?.ok === true ? positions.value : undefined });
  const isOverdue = ({ status, createdAt }: Order): boolean => status === 'UNKNOWN' && askedAt - createdAt > RESOLVE_DEADLINE_MS;
  const findings = withUnknown(compare, picture.orders.filter(isOverdue));
  const isWhole = orders?.ok === true && orders.value.length <= MOST_COMPARED && positions?.ok === true;
  const unfilled = isWhole ? provenUnfilled({ picture, listed: orders.value, broker: positions.value, coversHoldings: account.broker.capabilities.positionsCoverHoldings === true, isOverdue, findings, quietSince: askedAt - LIST_LAG_MS }) : [];
  const unread = orders?.ok === false ? orders.denial : positions?.ok === false ? positions.denial : undefined;
  return { findings, picture, merged, adopted, unfilled, readOrders: listed !== undefined, readPositions: positions?.ok === true, ...(unread === undefined ? {} : { unread }) };
}

/** What stands of an order already says more than that its outcome is not known. */
function withUnknown(findings: readonly Finding[], overdue: readonly Order[]): readonly Finding[] {
  const told = new Set(findings.flatMap(({ kind, orderId }) => (kind === 'externalOrder' ? [] : orderId ?? [])));
  return [...findings, ...overdue.filter(({ id }) => !told.has(id)).map(unknownFinding)];
}

/** An adapter without the list has nothing to say; one that throws has failed to read it. */
async function list<T>(read: (() => Promise<Outcome<T>>) | undefined): Promise<Outcome<T> | undefined> {
  if (read === undefined) return undefined;
  return read().catch((error: unknown): Outcome<T> => ({ ok: false, denial: { code: 'OUTCOME_UNKNOWN', message: error instanceof Error ? error.message : String(error) } }));
}

function scope({ clock }: RouterPorts, { sessions }: RoutedAccount): { readonly dayOf: (at: number) => string; readonly now: number } {
  return { dayOf: (at) => sessions.tradingDay(at), now: clock.now() };
}

function pictureOf({ store }: RouterPorts, { config }: RoutedAccount, listed: readonly ListedOrder[] = []): Promise<JournalPicture> {
  return store.differences.picture({ account: config.id, brokerOrderIds: listed.map(({ brokerOrderId }) => brokerOrderId), orderIds: listed.flatMap(({ orderId }) => orderId ?? []) });
}

/** An order whose answer was lost is looked for before its row in the broker's list can be taken for somebody else's. While the account works, a young one is on its way at this very moment. */
async function settleDoubts(ports: RouterPorts, account: RoutedAccount, isStart: boolean): Promise<void> {
  const open = await ports.store.openOrders(account.config.id);
  await ask(ports, account, open.filter((order) => isInDoubt(order) && (isStart || !isYoung(ports, order))));
}

/** Asks the broker about orders of ours and books what it says. Answers how many changed. */
async function ask(ports: RouterPorts, account: RoutedAccount, orders: readonly Order[]): Promise<number> {
  let changed = 0;
  for (const order of orders.slice(0, MOST_ASKED)) {
    const found = await account.broker.find(order.id).catch((error: unknown) => {
      ports.log.warn({ orderId: order.id, error: String(error) }, 'the broker could not be asked about an order');
      return undefined;
    });
    const known = knownOf(found);
    if (known === undefined) continue;
    const after = await adoptAnswer(ports, account, order, known);
    if (after.status !== order.status || after.filledQuantity !== order.filledQuantity) changed += 1;
  }
  return changed;
}

async function adoptAll(ports: RouterPorts, account: RoutedAccount, rows: readonly ListedOrder[], picture: JournalPicture): Promise<number> {
  let adopted = 0;
  for (const row of rows) if (await adopt(ports, account, row, picture)) adopted += 1;
  return adopted;
}

/** Books what is new of somebody else's order; without a price it is left for the position to show. */
async function adopt(ports: RouterPorts, { config, sessions }: RoutedAccount, row: ListedOrder, { external }: JournalPicture): Promise<boolean> {
  const { store, market, clock, instruments, log } = ports;
  const now = clock.now();
  const filled = filledOf(row);
  const averagePrice = row.averagePrice ?? market.latest(row.instrument)?.last;
  if (row.product === undefined || (filled > 0 && averagePrice === undefined)) {
    log.warn({ account: config.id, brokerOrderId: row.brokerOrderId }, 'an order of somebody else has no price: it is not booked, and its position is told as a difference');
    return false;
  }
  const { brokerOrderId, instrument, product, action, quantity, status } = row;
  const dayOf = (at: number): string => sessions.tradingDay(at);
  const day = knownExternal(row, external, dayOf)?.day ?? dayOf(row.placedAt ?? now);
  const contract = instruments.find(instrument, now);
  const charges = (fill: { readonly quantity: number; readonly price: Money }): Money =>
    row.charges !== undefined && filled > 0 ? asMoney(Math.round((row.charges * fill.quantity) / filled)) : contract === undefined || contract.segment === 'index' ? ZERO_MONEY : chargesOf({ segment: contract.segment, exchange: contract.exchange, product, action, ...fill, at: now }).total;
  await store.differences.adopt({
    account: config.id, brokerOrderId, day, instrument, product, action, quantity, filledQuantity: filled, status,
    ...(averagePrice === undefined ? {} : { averagePrice }), tradingDay: sessions.tradingDay(now), happenedAt: Math.min(row.placedAt ?? now, now),
  }, charges);
  return true;
}

interface Sides {
  readonly picture: JournalPicture;
  readonly orders: OrderComparison | undefined;
  readonly positions: readonly BrokerPosition[] | undefined;
}

async function findingsOf(ports: RouterPorts, account: RoutedAccount, { picture, orders, positions }: Sides): Promise<readonly Finding[]> {
  const { dayOf, now } = scope(ports, account);
  const inPositions = positions === undefined ? [] : comparePositions({
    picture, broker: positions, isOver: ({ createdAt }) => dayOf(createdAt) < dayOf(now), coversHoldings: account.broker.capabilities.positionsCoverHoldings === true, priceOf: (instrument) => ports.market.latest(instrument)?.last,
  });
  if (orders === undefined) return inPositions;
  const stillOpen: Finding[] = [];
  for (const { order, finding } of orders.over) {
    if (positions === undefined || !isCompared(order, account) || !agrees(inPositions, order)) stillOpen.push(finding);
    else await endOfDay(ports, account, order);
  }
  return [...orders.findings, ...orders.ask.map(({ finding }) => finding), ...stillOpen, ...inPositions];
}

function isCompared({ product }: Order, { broker }: RoutedAccount): boolean {
  return product !== 'CNC' || broker.capabilities.positionsCoverHoldings === true;
}

/** Orders are good for their day. It is over, the broker lists the order no more, and what it holds is what we know of: nothing more came of it. */
async function endOfDay({ store, clock }: RouterPorts, { sessions }: RoutedAccount, order: Order): Promise<void> {
  const now = clock.now();
  const denial: Denial = { code: 'NOT_FOUND', message: 'Its day is over; the broker lists it no more, and the positions agree without it.' };
  await store.applyUpdates({ orderId: order.id, updates: [{ kind: 'status', orderId: order.id, status: 'EXPIRED', denial, happenedAt: now }], tradingDay: sessions.tradingDay(now) });
}
