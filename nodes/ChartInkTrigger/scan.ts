import { ok, type Outcome } from '../../runtime/domain/denial';
import { EXIT_WORDS, isExitAction } from '../../runtime/domain/direction';
import { ENVELOPE_VERSION, type Envelope } from '../../runtime/domain/envelope';
import { digest } from '../../runtime/domain/intentKey';
import type { Interpretation, InterpretContext } from '../../runtime/domain/webhook';
import { alertFields, fieldOf, PRODUCT_WORDS, quantityOf, textOf, wordOf, type AlertFields } from '../alertFields';
import { MINUTE_MS, type EpochMs } from '../../runtime/domain/time';
import type { ChartInkParams } from './parameters';
import { actionInName, SIDE, type ScanAction } from './scanAction';
import { stocksOf, type ScannedStock } from './stocks';
import { triggeredAt } from './triggeredAt';

export const SOURCE = 'chartink';

/** What all stocks of one scan share. */
interface Scan {
  readonly name: string;
  readonly at: EpochMs;
  /** True where the sender told the time: the key then holds for ever, because it holds the day and minute. */
  readonly isTimed: boolean;
  readonly action: ScanAction;
  readonly product: 'MIS' | 'CNC' | 'NRML';
  /** What the alert itself says; absent leaves it to the node. */
  readonly quantity?: number;
}

type Reading = Interpretation['signals'][number];

/** A scan alert as one signal for each stock. A stock that is unknown, or beyond the maximum, is refused by itself. */
export function readScan(body: Readonly<Record<string, unknown>>, params: ChartInkParams, context: InterpretContext): Outcome<Interpretation> {
  const fields = alertFields(body);
  if (!fields.ok) return fields;
  const stocks = stocksOf(fields.value);
  if (!stocks.ok) return stocks;
  const scan = scanOf(fields.value, params, context.receivedAt);
  if (!scan.ok) return scan;
  const quantities = new Map(params.stockQuantities.map(({ symbol, quantity }) => [symbol.trim().toUpperCase(), quantity]));

  const signals = new Map<string, Reading>();
  const refused: Interpretation['refused'][number][] = [];
  for (const [index, stock] of stocks.value.entries()) {
    const read = index < params.maximumSymbols ? signalOf(stock, scan.value, params, quantities, context) : tooMany(params.maximumSymbols, stocks.value.length);
    if (!read.ok) refused.push({ symbol: stock.symbol, denial: read.denial });
    // Two spellings of one stock are one stock.
    else if (!signals.has(read.value.dedupeKey)) signals.set(read.value.dedupeKey, read.value);
  }
  return ok({ signals: [...signals.values()], refused, ...(scan.value.isTimed ? {} : { duplicateWindowMs: MINUTE_MS }) });
}

function scanOf(fields: AlertFields, params: ChartInkParams, receivedAt: EpochMs): Outcome<Scan> {
  const nameField = fieldOf(fields, 'scanname', 'alertname', 'strategy');
  const name = nameField === undefined ? ok('') : textOf(nameField, 500);
  if (!name.ok) return name;
  const timeField = fieldOf(fields, 'triggeredat');
  const at = timeField === undefined ? ok(receivedAt) : triggeredAt(timeField, receivedAt, params.maximumAgeSeconds);
  if (!at.ok) return at;
  const action = actionOf(fields, params, name.value);
  if (!action.ok) return action;
  const productField = fieldOf(fields, 'product');
  const product = productField === undefined ? ok(params.product) : wordOf(productField, PRODUCT_WORDS);
  if (!product.ok) return product;
  const quantityField = fieldOf(fields, 'quantityperstock', 'quantity');
  const quantity = quantityField === undefined ? undefined : quantityOf(quantityField);
  if (quantity?.ok === false) return quantity;
  return ok({
    name: name.value.slice(0, 200), at: at.value, isTimed: timeField !== undefined, action: action.value, product: product.value,
    ...(quantity === undefined ? {} : { quantity: quantity.value }),
  });
}

/** The alert's own action, else the node's. */
function actionOf(fields: AlertFields, params: ChartInkParams, name: string): Outcome<ScanAction> {
  const field = fieldOf(fields, 'action');
  if (field !== undefined) return wordOf<ScanAction>(field, { BUY: 'BUY', SELL: 'SELL', SHORT: 'SHORT', COVER: 'COVER', ...EXIT_WORDS }, 'BUY, SELL, SHORT, COVER, EXIT, EXIT_LONG, EXIT_SHORT');
  return params.action === 'scanName' ? actionInName(name) : ok(params.action);
}

function signalOf(stock: ScannedStock, scan: Scan, params: ChartInkParams, quantities: ReadonlyMap<string, number>, context: InterpretContext): Outcome<Reading> {
  const found = context.resolve(params.exchange, stock.symbol);
  if (!found.ok) return { ok: false, denial: { ...found.denial, field: 'stocks' } };
  const { exchange, symbol, segment } = found.value;
  if (segment !== 'cash') return { ok: false, denial: { code: 'NOT_TRADABLE', message: `${JSON.stringify(stock.symbol)} is no share.`, field: 'stocks' } };
  const item: Envelope = {
    v: ENVELOPE_VERSION,
    signal: { id: SOURCE, source: SOURCE, at: scan.at, ...(stock.price === null ? {} : { price: stock.price }), ...(scan.name === '' ? {} : { name: scan.name }) },
    exchange, symbol, action: SIDE[scan.action], ...quantityOfStock(symbol, scan, params, quantities), product: scan.product, orderType: 'MARKET',
    ...(scan.action === 'BUY' && params.skipHeld ? { skipHeld: true } : {}),
  };
  const moment = scan.isTimed ? Math.floor(scan.at / MINUTE_MS) : 0;
  return ok({ dedupeKey: digest(['scan', scan.name, `${exchange}:${symbol}`, moment]), item });
}

/** An exit closes what is held, or the quantity that the alert itself says: the node's are those of entries. */
function quantityOfStock(symbol: string, { quantity, action }: Scan, params: ChartInkParams, quantities: ReadonlyMap<string, number>): Pick<Envelope, 'quantity'> {
  const otherwise = isExitAction(SIDE[action]) ? undefined : quantities.get(symbol) ?? params.quantity;
  const units = quantity ?? otherwise;
  return units === undefined ? {} : { quantity: units };
}

function tooMany(limit: number, value: number): { readonly ok: false; readonly denial: Interpretation['refused'][number]['denial'] } {
  return { ok: false, denial: { code: 'TOO_MANY_SYMBOLS', message: `Only the first ${limit} of ${value} stocks are taken.`, field: 'stocks', limit, value, remedy: 'Narrow the scan, or raise the maximum in the trigger.' } };
}
