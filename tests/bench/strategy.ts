import { placeOrder } from '../../nodes/PlaceOrder/definition';
import { riskGate } from '../../nodes/RiskGate/definition';
import { tradingViewTrigger } from '../../nodes/TradingViewTrigger/definition';
import { AccountConfig, openRuntime, type Runtime, type TriggerBinding } from '../../runtime';
import { Envelope } from '../../runtime/domain/envelope';
import type { InboxEntry, Log } from '../../runtime/domain/ports';
import type { ActionDefinition } from '../../runtime/hosts/definition';
import { runNode } from '../../runtime/hosts/run';

export const SECRET = 'the key of the bench';
const STRATEGY = 'bench';
/** As many as come: what is measured is the way, not a queue before it. */
const CONCURRENCY = 64;

/** Limits so wide that every alert is an order. */
export const OPEN_ACCOUNT = AccountConfig.parse({
  id: 'paper', capital: 100_000_000_000, marketHours: 'always',
  limits: {
    maxOrderQuantity: 1_000_000, maxOrderValuePercent: 10_000, priceCollarPercent: 100, maxPosition: 100_000_000, maxSymbolExposure: 100_000_000,
    maxOpenPositions: 1_000, maxDailyOrders: 10_000_000, maxDailyLossPercent: 100, maxQuoteAgeMs: 60_000, cooldownMs: 0,
  },
});

/** An alert as TradingView sends it, some 290 bytes, with an id of its own. Buys and sells in turns. */
export function alertBody(id: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    id, strategyName: 'Opening range breakout with volume confirmation', exchange: 'NSE', symbol: 'SBIN', action: id.length % 2 === 0 ? 'BUY' : 'SELL', quantity: 1, product: 'MIS', orderType: 'MARKET',
    price: 812.35, comment: 'Crossed above the opening range high on rising volume, five minute chart', ...more,
  });
}

const BINDING: TriggerBinding = { definition: tradingViewTrigger, params: tradingViewTrigger.params.parse({}), nodeKey: 'trigger', strategyId: STRATEGY, secret: SECRET };

/** A runtime with the shipped flow's nodes behind the trigger, without a host: webhook, gate, order. */
export class Strategy {
  readonly #filled = new Map<string, () => void>();
  readonly #runtime: Runtime;
  readonly #detach: (graceMs?: number) => Promise<void>;

  private constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#detach = runtime.ingress.attach(BINDING.nodeKey, (entry) => this.#run(entry), { concurrency: CONCURRENCY });
  }

  static async open(home: string): Promise<Strategy> {
    const runtime = await openRuntime({ home, log: SILENT });
    await runtime.declareAccount(OPEN_ACCOUNT);
    return new Strategy(runtime);
  }

  /** Resolves when the signal is durable: a host would answer 202 now. Nobody is attached to the node, so nothing follows. */
  async receive(id: string): Promise<void> {
    await this.#receive({ ...BINDING, nodeKey: 'nobody' }, id);
  }

  async #receive(binding: TriggerBinding, id: string): Promise<string> {
    const raw = Buffer.from(alertBody(id, { secret: SECRET }));
    const { status, entries, body } = await this.#runtime.ingress.receive(binding, { raw, headers: { 'content-type': 'application/json' }, remoteAddress: '127.0.0.1', receivedAt: this.#runtime.now() }, 'attached');
    const signalId = entries[0]?.signalId;
    if (status !== 202 || signalId === undefined) throw new Error(`Answered ${status}: ${JSON.stringify(body)}`);
    return signalId;
  }

  /** Resolves when the order is filled and the fill is journalled. */
  async fill(id: string): Promise<void> {
    // The flow can not be over before `receive` has answered: it starts with a claim of its own.
    const signalId = await this.#receive(BINDING, id);
    await new Promise<void>((resolve) => this.#filled.set(signalId, resolve));
  }

  async close(): Promise<void> {
    await this.#detach(1_000);
    await this.#runtime.close();
  }

  async #run(entry: InboxEntry): Promise<void> {
    const approved = await this.#node(riskGate, 'gate', Envelope.parse(entry.item));
    const placed = await this.#node(placeOrder, 'order', approved);
    if (placed.order?.status !== 'FILLED') throw new Error(`Not filled: ${JSON.stringify(placed.order)}`);
    this.#filled.get(entry.signalId)?.();
    this.#filled.delete(entry.signalId);
  }

  async #node(definition: ActionDefinition, nodeKey: string, item: Envelope): Promise<Envelope> {
    const context = this.#runtime.context({ account: OPEN_ACCOUNT.id, strategyId: STRATEGY, nodeKey, signalId: item.signal?.id ?? '' });
    const result = await runNode(definition, definition.params.parse({}), item, context);
    const [emission] = result.kind === 'emitted' ? result.emissions : [];
    if (emission === undefined || emission.port === definition.refusalPort) throw new Error(`${definition.title} refused: ${JSON.stringify(result)}`);
    return emission.item;
  }
}

const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (fields, message) => { process.stderr.write(`${message} ${JSON.stringify(fields)}\n`); } };
