import { z } from 'zod';
import type { Envelope } from '../../runtime/domain/envelope';
import { FlowLimits, tighten } from '../../runtime/domain/risk';
import { SECOND_MS } from '../../runtime/domain/time';
import { defineNode, type Conclusion } from '../../runtime/hosts/definition';
import { field, shownWhen } from '../../runtime/hosts/field';
import { statusOf } from './status';
import { cutOf, directionFields, fundsFor, OrderItem, orderFields, orderRequest, queryOf, refusalOf, requestView, sizingFields, unreadWish, wishOf } from '../orderFields';

const shape = FlowLimits.shape;
const TIGHTENS = 'Tightens the account’s limit for this flow; it can never widen it.';
const NOTHING = { kind: 'none' } as const;
const { exchange, symbol, ...otherFields } = orderFields;
const onCheck = { operation: ['check'] } as const;

const limitFields = {
  maxOrderQuantity: shape.maxOrderQuantity.register(field, { label: 'Max Order Quantity', unit: 'units', help: TIGHTENS, section: 'Limits', showWhen: onCheck }),
  maxOrderValuePercent: shape.maxOrderValuePercent.register(field, { label: 'Max Order Value', unit: '% of capital', help: TIGHTENS, section: 'Limits', showWhen: onCheck }),
  priceCollarPercent: shape.priceCollarPercent.register(field, { label: 'Price Collar', unit: '%', help: `How far a limit or trigger may lie from the last price. ${TIGHTENS}`, section: 'Limits', showWhen: onCheck }),
  maxPosition: shape.maxPosition.register(field, { label: 'Max Position', unit: 'units', help: TIGHTENS, section: 'Limits', showWhen: onCheck }),
  maxSymbolExposure: shape.maxSymbolExposure.register(field, { label: 'Max Symbol Exposure', unit: 'units', help: TIGHTENS, section: 'Limits', showWhen: onCheck }),
  maxOpenPositions: shape.maxOpenPositions.register(field, { label: 'Max Open Positions', unit: 'instruments', help: TIGHTENS, section: 'Limits', showWhen: onCheck }),
  maxDailyOrders: shape.maxDailyOrders.register(field, { label: 'Max Daily Orders', unit: 'orders', help: TIGHTENS, section: 'Limits', showWhen: onCheck }),
  maxDailyLossPercent: shape.maxDailyLossPercent.register(field, { label: 'Max Daily Loss', unit: '% of capital', help: TIGHTENS, section: 'Limits', showWhen: onCheck }),
  cooldownSeconds: z.int().nonnegative().optional().register(field, { label: 'Cool-Down', unit: 's', help: 'Shortest time between two entries of the strategy in one symbol. A longer one than the account’s wins.', section: 'Limits', showWhen: onCheck }),
};

/** Checks an order against every pre-trade control, sizes it, and says why when it refuses; or pulls the kill switch. */
export const riskGate = defineNode({
  type: 'riskGate',
  title: 'Risk Gate',
  description: 'Sizes an order and checks it against every risk limit before it may be placed',
  version: 1,
  outputs: [{ port: 'approved', label: 'Approved' }, { port: 'blocked', label: 'Blocked' }],
  refusalPort: 'blocked',
  connections: ['account'],
  subtitleParams: ['operation'],
  params: z.object({
    operation: z.enum(['check', 'status', 'killSwitch', 'rearm']).default('check').register(field, {
      label: 'Operation', options: { check: 'Check an Order', status: 'Status', killSwitch: 'Kill Switch', rearm: 'Re-arm' },
      help: 'Check lets an order through or blocks it. Status says how the account stands: Approved where nothing stops entries. Kill Switch stops all entries and cancels open orders until re-armed.',
    }),
    flatten: z.boolean().default(false).register(field, { label: 'Close Positions Too', help: 'Whether the kill switch also closes every position of flows on the account. They stay closed until it is re-armed; what was traded by hand is left alone.', showWhen: { operation: ['killSwitch'] } }),
    ...shownWhen({ exchange, symbol }, { operation: ['check', 'status'] }),
    ...shownWhen(otherFields, onCheck),
    ...shownWhen(directionFields, onCheck),
    ...shownWhen(sizingFields, onCheck),
    ...limitFields,
  }),
  reads: OrderItem,
  ignoresItem: ({ operation }) => operation !== 'check',
  unreadable: (params, item, denial) => (params.operation === 'check' ? refusalOf(unreadWish(params, item), 0, denial) : undefined),
  needs(params, item) {
    const checks = params.operation === 'check';
    const isStatus = params.operation === 'status';
    const looksUp = checks || (isStatus && params.symbol !== undefined);
    return {
      tradable: looksUp ? { kind: 'tradable', ...queryOf(wishOf(params, item)) } : NOTHING, funds: isStatus ? { kind: 'funds' } : checks ? fundsFor([wishOf(params, item)]) : NOTHING,
      state: isStatus ? { kind: 'accountState' } : NOTHING,
    };
  },
  decide(params, item, { tradable, funds, state }) {
    if (state !== undefined && funds !== undefined) return statusOf(item, { state, funds, tradable });
    if (params.operation === 'killSwitch') return { kind: 'perform', commands: [{ kind: 'killSwitch', on: true, flatten: params.flatten, reason: item.signal?.name ?? 'Risk Gate node' }, { kind: 'cancelAll', scope: 'account' }] };
    if (params.operation === 'rearm') return { kind: 'perform', commands: [{ kind: 'rearm' }] };
    if (tradable === undefined) throw new Error('A check was given no data.');
    const wish = wishOf(params, item);
    const request = orderRequest(wish, { tradable, funds }, 0);
    if (!request.ok) return { kind: 'perform', commands: [refusalOf(wish, 0, request.denial, tradable)] };
    return { kind: 'perform', commands: [{ kind: 'assess', request: { ...request.value, limits: limitsOf(params, item) } }] };
  },
  conclude(params, item, results, { tradable, funds }): Conclusion<'approved' | 'blocked'> {
    const [first, second] = results;
    if (first?.kind === 'recordRefusal') {
      const refused = tradable === undefined ? undefined : orderRequest(wishOf(params, item), { tradable, funds }, 0);
      if (refused?.ok !== false) throw new Error('A refusal was recorded of a check that was not refused.');
      return { kind: 'emit', emissions: [{ port: 'blocked', item: blocked(item, refused.denial) }] };
    }
    if (first?.kind !== 'assess') {
      if ((first?.kind === 'killSwitch' || first?.kind === 'rearm') && first.denial !== undefined) return { kind: 'refuse', denial: first.denial };
      const cancelled = second?.kind === 'cancelAll' ? { cancelledOrders: second.cancelled, failedCancellations: second.failed } : {};
      return { kind: 'emit', emissions: [{ port: 'approved', item: { ...item, killSwitch: first?.kind === 'killSwitch', ...cancelled } }] };
    }
    const { verdict, request } = first;
    if (verdict.approved) {
      const limits = limitsOf(params, item);
      const wish = wishOf(params, item);
      const note = cutOf(wish, request);
      const decision = { approved: true, ...(note === undefined ? {} : { note }), ...(Object.keys(limits).length === 0 ? {} : { limits }) };
      return { kind: 'emit', emissions: [{ port: 'approved', item: { ...item, ...requestView(request, wish, verdict.action, verdict.quantity), decision } }] };
    }
    return { kind: 'emit', emissions: [{ port: 'blocked', item: blocked(item, verdict.denial) }] };
  },
});

function blocked(item: Envelope, denial: NonNullable<Envelope['denial']>): Envelope {
  const { rule, limit, value, message } = denial;
  return { ...item, denial, decision: { approved: false, message, ...(rule === undefined ? {} : { rule }), ...(limit === undefined ? {} : { limit }), ...(value === undefined ? {} : { value }) } };
}

/** The node's own limits, tightened by those of a gate before it. */
function limitsOf(params: z.infer<z.ZodObject<typeof limitFields>>, { decision }: OrderItem): FlowLimits {
  const { cooldownSeconds, ...limits } = params;
  const named = FlowLimits.parse(limits);
  const own = cooldownSeconds === undefined ? named : { ...named, cooldownMs: cooldownSeconds * SECOND_MS };
  return tighten(own, decision?.limits ?? {});
}
