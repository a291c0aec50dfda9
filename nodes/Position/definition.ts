import { z } from 'zod';
import { ChaseTerms } from '../../runtime/domain/chase';
import { closingOrder } from '../../runtime/domain/closingOrder';
import { Envelope, type PositionView } from '../../runtime/domain/envelope';
import type { Command } from '../../runtime/domain/nodeContext';
import { Product } from '../../runtime/domain/order';
import { defineNode, type Step } from '../../runtime/hosts/definition';
import { field, shownWhen } from '../../runtime/hosts/field';
import { instrumentFields } from '../orderFields';
import { protectionFields } from '../protectionFields';
import { concludeProtection, decideProtection, isProtecting, PROTECTING } from './protecting';
import { closed, netPosition } from './results';

const OPERATIONS = ['get', 'list', 'close', 'closeAll', ...PROTECTING] as const;
const { stop, target, trailing, trailAfter, ...rest } = protectionFields;

/** Reads positions, protects them, or closes them without ever going through zero. */
export const position = defineNode({
  type: 'position',
  title: 'Position',
  description: 'Gets, lists, closes or protects positions with their profit and loss',
  version: 1,
  outputs: [{ port: 'result', label: 'Result' }],
  connections: ['account'],
  subtitleParams: ['operation', 'symbol'],
  params: z.object({
    operation: z.enum(OPERATIONS).default('get').register(field, {
      label: 'Operation', options: { get: 'Get', list: 'List', close: 'Close', closeAll: 'Close All', protect: 'Protect', moveStop: 'Move Stop', trail: 'Trail', cancelProtection: 'Cancel Protection' },
      help: 'Close and Close All take back resting exits and send market exits; they never open a reverse position. The others set, move and take away stops, targets and trails.',
    }),
    scope: z.enum(['strategy', 'account']).default('strategy').register(field, {
      label: 'Scope', options: { strategy: 'This Strategy', account: 'Whole Account' }, help: 'Whose positions to look at.', showWhen: { operation: ['get', 'list', 'close', 'closeAll'] },
    }),
    ...shownWhen(instrumentFields, { operation: ['get', 'close', ...PROTECTING] }),
    product: Product.optional().register(field, {
      label: 'Product', help: 'Only positions and protections of this product; empty means every product.', options: { CNC: 'CNC (delivery)', MIS: 'MIS (intraday)', NRML: 'NRML (carry forward)' }, showWhen: { operation: ['get', 'close', ...PROTECTING] },
    }),
    quantity: z.int().positive().optional().register(field, { label: 'Quantity', unit: 'units', help: 'Close or protect this much at most, over all positions in the symbol; empty means all of it.', showWhen: { operation: ['close', 'protect'] } }),
    ...shownWhen({ stop, target }, { operation: ['protect', 'moveStop'] }),
    ...shownWhen({ trailing, trailAfter }, { operation: ['protect', 'trail'] }),
    ...shownWhen(rest, { operation: ['protect'] }),
    loosen: z.boolean().default(false).register(field, { label: 'Allow Loosening', help: 'Whether the stop may move away from the price. Otherwise it only tightens.', showWhen: { operation: ['moveStop'] } }),
    chase: z.boolean().default(false).register(field, { label: 'Follow the Market', help: 'Whether to close with a limit order that is re-priced every two seconds, five times and 2 % at most, in place of a market order. The node waits for it; a rest that does not fill raises an alarm.', showWhen: { operation: ['close', 'closeAll'] } }),
    cancelOrders: z.boolean().default(true).register(field, { label: 'Cancel Open Orders First', help: 'Whether to cancel the open orders of the same scope before the positions are closed. Otherwise resting exits stay, and what they would close is left to them.', showWhen: { operation: ['closeAll'] } }),
  }),
  reads: Envelope.pick({ exchange: true, symbol: true, stopLoss: true, target: true, indicators: true }),
  ignoresItem: ({ operation }) => !isOfOneSymbol(operation),
  needs: (params, item) => ({
    tradable: isOfOneSymbol(params.operation) ? { kind: 'tradable', exchange: params.exchange ?? item.exchange ?? 'NSE', symbol: params.symbol ?? item.symbol ?? '', product: 'MIS' } : { kind: 'none' },
    positions: { kind: 'positions', scope: isProtecting(params.operation) ? 'strategy' : params.scope },
  }),
  decide(params, item, { tradable, positions }): Step<'result'> {
    if (params.operation === 'list') return { kind: 'emit', emissions: [{ port: 'result', item: { ...item, positions } }] };
    if (params.operation === 'closeAll') {
      const closes = closingOrder(positions).map((held) => ({ kind: 'close', position: held, ...chasing(params), ...(params.cancelOrders ? {} : { keepResting: true }) }) as const);
      return { kind: 'perform', commands: params.cancelOrders ? [{ kind: 'cancelAll', scope: params.scope }, ...closes] : closes };
    }
    if (tradable === undefined) throw new Error(`${params.operation} was given no symbol.`);
    if (!tradable.ok) return { kind: 'refuse', denial: tradable.denial };
    const { exchange, symbol } = tradable.value.instrument;
    const held = positions.filter((candidate) => candidate.exchange === exchange && candidate.symbol === symbol && (params.product === undefined || candidate.product === params.product));
    if (isProtecting(params.operation)) return decideProtection({ ...params, operation: params.operation }, item, { exchange, symbol }, held);
    if (params.operation === 'get') return { kind: 'emit', emissions: [{ port: 'result', item: { ...item, exchange, symbol, position: netPosition({ exchange, symbol }, held), positions: held } }] };
    return { kind: 'perform', commands: closesOf(held, params) };
  },
  conclude: (params, item, results) => (isProtecting(params.operation) ? concludeProtection(item, results) : closed(item, results, params.operation === 'close')),
});

function isOfOneSymbol(operation: (typeof OPERATIONS)[number]): boolean {
  return operation !== 'list' && operation !== 'closeAll';
}

/** Closes all of it, or `quantity` at most: the first position as far as it goes, then the next. */
function closesOf(held: readonly PositionView[], params: { readonly quantity?: number | undefined; readonly chase: boolean }): readonly Command[] {
  if (params.quantity === undefined) return held.map((position) => ({ kind: 'close', position, ...chasing(params) }));
  const commands: Command[] = [];
  let rest = params.quantity;
  for (const position of held) {
    const part = Math.min(rest, Math.abs(position.quantity));
    if (part > 0) commands.push({ kind: 'close', position, quantity: part, ...chasing(params) });
    rest -= part;
  }
  return commands;
}

function chasing({ chase }: { readonly chase: boolean }): { readonly chase?: ChaseTerms } {
  return chase ? { chase: ChaseTerms.parse({}) } : {};
}
