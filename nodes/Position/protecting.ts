import { deny, type Denial } from '../../runtime/domain/denial';
import type { Envelope, PositionView } from '../../runtime/domain/envelope';
import { splitKey, type Exchange } from '../../runtime/domain/market';
import { fromMoney, type Money } from '../../runtime/domain/money';
import type { Command, CommandResult } from '../../runtime/domain/nodeContext';
import type { Product } from '../../runtime/domain/order';
import type { Protection } from '../../runtime/domain/protection';
import type { Conclusion, Step } from '../../runtime/hosts/definition';
import { levelOf, protectionTerms, rangeOf, trailingOf, type ProtectionItem, type ProtectionParams } from '../protectionFields';

/** Operations on what protects a position. */
export const PROTECTING = ['protect', 'moveStop', 'trail', 'cancelProtection'] as const;
type Operation = (typeof PROTECTING)[number];

export function isProtecting(operation: string): operation is Operation {
  return PROTECTING.some((known) => known === operation);
}

interface ProtectParams extends ProtectionParams {
  readonly operation: Operation;
  readonly product?: Product | undefined;
  readonly quantity?: number | undefined;
  readonly loosen: boolean;
}

interface Symbol {
  readonly exchange: Exchange;
  readonly symbol: string;
}

/** What the operation wants done, or why it can not be. */
export function decideProtection(params: ProtectParams, item: Envelope & ProtectionItem, symbol: Symbol, held: readonly PositionView[]): Step<'result'> {
  const of = { ...symbol, ...(params.product === undefined ? {} : { product: params.product }) };
  switch (params.operation) {
    case 'cancelProtection': return { kind: 'perform', commands: [{ kind: 'cancelProtection', ...of }] };
    case 'protect': return protectAll(params, item, symbol, held);
    case 'moveStop': {
      const stop = levelOf('stop', params.stop, item.stopLoss, rangeOf(item));
      const target = levelOf('target', params.target, item.target, rangeOf(item));
      if (!stop.ok) return refuse(stop.denial);
      if (!target.ok) return refuse(target.denial);
      if (stop.value === undefined && target.value === undefined) return missing('stop', 'Neither a stop nor a target is given.');
      return { kind: 'perform', commands: [{ kind: 'moveStop', ...of, revision: { ...(stop.value === undefined ? {} : { stop: stop.value }), ...(target.value === undefined ? {} : { target: target.value }), loosen: params.loosen } }] };
    }
    case 'trail': {
      const trailing = trailingOf(params, rangeOf(item));
      if (!trailing.ok) return refuse(trailing.denial);
      if (trailing.value === undefined) return missing('trailing', 'No trailing stop is given.');
      return { kind: 'perform', commands: [{ kind: 'moveStop', ...of, revision: { trailing: trailing.value } }] };
    }
  }
}

/** Every product of the symbol by itself, up to the quantity in all. */
function protectAll(params: ProtectParams, item: ProtectionItem, { exchange, symbol }: Symbol, held: readonly PositionView[]): Step<'result'> {
  const terms = protectionTerms(params, item);
  if (!terms.ok) return refuse(terms.denial);
  if (terms.value === undefined) return missing('stop', 'No stop, target or trailing stop is given.');
  if (held.length === 0) return refuse({ code: 'NO_POSITION', message: `This strategy holds nothing in ${exchange}:${symbol}.`, field: 'symbol' });
  const commands: Command[] = [];
  let rest = params.quantity ?? Infinity;
  for (const position of held) {
    const quantity = Math.min(rest, Math.abs(position.quantity));
    if (quantity > 0) commands.push({ kind: 'protect', position, terms: terms.value, quantity });
    rest -= quantity;
  }
  return { kind: 'perform', commands };
}

function refuse(denial: Denial): Step<'result'> {
  return { kind: 'refuse', denial };
}

function missing(name: string, message: string): Step<'result'> {
  return refuse(deny('MISSING_FIELD', message, { field: name, remedy: 'Set it in the node.' }).denial);
}

/** The item with what protects the position now. Raised where one was refused. */
export function concludeProtection(item: Envelope, results: readonly CommandResult[]): Conclusion<'result'> {
  const protections: Protection[] = [];
  for (const result of results) {
    if (result.kind !== 'protect' && result.kind !== 'moveStop' && result.kind !== 'cancelProtection') continue;
    if (!result.outcome.ok) return { kind: 'refuse', denial: result.outcome.denial };
    protections.push(...result.outcome.value);
  }
  const views = protections.map(protectionView);
  const [first] = views;
  return { kind: 'emit', emissions: [{ port: 'result', item: { ...item, ...(first === undefined ? {} : { exchange: first.exchange, symbol: first.symbol, protection: first }), protections: views } }] };
}

/** A protection as flows see it: prices in rupees. */
function protectionView({ id, instrument, status, product, direction, quantity, stopLevel, targetLevel, entryPrice, best, held }: Protection) {
  return {
    id, ...splitKey(instrument), status, product, direction, quantity, heldBy: held ? 'broker' : 'runtime',
    ...price('entryPrice', entryPrice), ...price('stop', stopLevel), ...price('target', targetLevel), ...price('bestPrice', best),
  };
}

function price<K extends string>(name: K, amount: Money | undefined): { readonly [N in K]?: number } {
  const entry: { [N in K]?: number } = {};
  if (amount !== undefined) entry[name] = fromMoney(amount);
  return entry;
}
