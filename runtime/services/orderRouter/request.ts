import type { AccountConfig } from '../../domain/account';
import type { OrderRequest } from '../../domain/nodeContext';
import type { IntentDraft, Origin } from '../../domain/order';
import type { AdmissionRequest, Broker } from '../../domain/ports';
import { tighten } from '../../domain/risk';
import { squareOffAt } from '../../domain/safety';
import type { EpochMs } from '../../domain/time';
import { newestQuote } from '../marketData/newestQuote';
import { locksOf } from '../riskGate/decide';
import type { GateInput } from '../riskGate/facts';
import type { RoutedAccount, RouterPorts } from './ports';

/** An exit that is to be over at once: what rests in its way is taken back for it. One at a price of its own rests beside others. */
export function closesAtMarket({ size, orderType }: Pick<OrderRequest, 'size' | 'orderType'>): boolean {
  return size.kind === 'exit' && orderType === 'MARKET';
}

/** A request as the wish that is journalled. */
export function draftOf(origin: Origin, request: OrderRequest): IntentDraft {
  const { instrument, leg, purpose, size, product, orderType, limitPrice, triggerPrice, strategyId } = request;
  return {
    ...origin,
    ...(strategyId === undefined ? {} : { strategyId }),
    instrument: instrument.key, leg, purpose, size, product, orderType,
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(triggerPrice === undefined ? {} : { triggerPrice }),
  };
}

/** What the gate is told of a wish from outside the transaction. */
export async function gateInput(ports: RouterPorts, { config, sessions, broker }: RoutedAccount, draft: IntentDraft, request: Pick<OrderRequest, 'instrument' | 'limits' | 'remainder' | 'exitsOnly' | 'reEntry'>): Promise<GateInput> {
  const quote = await newestQuote(ports, draft.instrument);
  const now = ports.clock.now();
  return {
    draft, account: config, now,
    limits: tighten(config.limits, request.limits ?? {}),
    instrument: request.instrument,
    ...(request.remainder === undefined ? {} : { remainder: request.remainder }),
    ...(quote === undefined ? {} : { quote }),
    marketOpen: sessions.isOpen(request.instrument, now),
    ...(request.exitsOnly === undefined ? {} : { exitsOnly: request.exitsOnly }),
    ...(request.reEntry === undefined ? {} : { reEntry: request.reEntry }),
    ...pausesOf(ports, broker),
    ...squareOffOf(ports, config, request, draft, now),
    marginPerUnit: (instrument, product, price) => broker.marginPerUnit(instrument, product, price),
    mark: (instrument) => ports.market.latest(instrument),
  };
}

/** An account whose market never closes has nothing to square off. */
function squareOffOf({ calendar }: RouterPorts, { safety, marketHours }: AccountConfig, { instrument }: Pick<OrderRequest, 'instrument'>, { product }: IntentDraft, now: EpochMs): Pick<GateInput, 'squareOffAt'> {
  const at = calendar === undefined || marketHours === 'always' ? undefined : squareOffAt(safety, calendar, instrument, product, now);
  return at === undefined ? {} : { squareOffAt: at };
}

function pausesOf({ health }: RouterPorts, broker: Broker): Pick<GateInput, 'stall' | 'brokerPause'> {
  const stall = health?.entryPause();
  const brokerPause = broker.entryPause?.();
  return { ...(stall === undefined ? {} : { stall }), ...(brokerPause === undefined ? {} : { brokerPause }) };
}

export function admissionScope({ sessions }: RoutedAccount, draft: IntentDraft, now: number, { fence, protection, reEntry, limits, exitsOnly, direction }: Pick<OrderRequest, 'fence' | 'protection' | 'reEntry' | 'limits' | 'exitsOnly' | 'direction'> = {}): Omit<AdmissionRequest, 'key' | 'orderId'> {
  const added = { ...(limits === undefined || Object.keys(limits).length === 0 ? {} : { limits }), ...(exitsOnly === true ? { exitsOnly } : {}), ...(direction === undefined ? {} : { direction }) };
  return { draft, tradingDay: sessions.tradingDay(now), lockNames: locksOf(draft), happenedAt: now, ...(fence === undefined ? {} : { fence }), ...(protection === undefined ? {} : { protection }), ...(reEntry === undefined ? {} : { reEntry }), ...(Object.keys(added).length === 0 ? {} : { added }) };
}
