import type { AccountEvent } from '../../runtime/domain/accountEvent';
import { deny, ok } from '../../runtime/domain/denial';
import type { OrderView } from '../../runtime/domain/envelope';
import { chainOf } from '../../runtime/domain/eventChain';
import { MINUTE_MS } from '../../runtime/domain/time';
import type { Firing, TriggerContext } from '../../runtime/domain/trigger';
import { defineSourceTrigger } from '../../runtime/hosts/definition';
import { momentText } from '../CronMarketHours/words';
import { itemOf } from './item';
import { OrderEventParams } from './parameters';
import { sampleOf } from './sample';
import { instrumentsOf } from './symbols';

/** What happens to orders, positions and accounts, as a trigger: from now on, and after a restart from where it was. */
export const orderEventTrigger = defineSourceTrigger({
  type: 'orderEventTrigger',
  title: 'Order Event Trigger',
  description: 'Starts the flow when something happens to orders, protected positions or the account',
  version: 1,
  outputs: [{ port: 'signal', label: 'Signal' }],
  connections: [],
  subtitleParams: ['events', 'symbols'],
  params: OrderEventParams,
  start(params, context) {
    const kinds = [...params.events, ...params.more];
    if (kinds.length === 0) return deny('INVALID_PARAMETER', 'No event is chosen.', { field: 'events', remedy: 'Choose at least one.' });
    const instruments = instrumentsOf(params, context);
    if (!instruments.ok) return instruments;
    const { strategyId: own } = context.identity;
    const wants = ({ strategyId, instrument }: AccountEvent): boolean =>
      (params.scope === 'any' || strategyId === undefined || strategyId === own) && (instrument === undefined || (instruments.value?.has(instrument) ?? true));
    context.onEvents({ kinds, wants, ...(params.ofAccount === undefined || params.ofAccount === '' ? {} : { account: params.ofAccount }) }, (event, order) => tell(params, context, event, order));
    context.status(`listening for ${kinds.length === 1 ? kinds[0] : `${kinds.length} kinds of events`}`);
    return ok(undefined);
  },
  sample: sampleOf,
});

/** A firing of an order that an event itself led to carries the chain on; too long a chain, and what is too old, ends here. */
function tell(params: OrderEventParams, context: TriggerContext, event: AccountEvent, order: OrderView | undefined): ReturnType<TriggerContext['emit']> {
  const { happenedAt, account, key, signalId, kind, message } = event;
  const goodForMs = params.goodForMinutes * MINUTE_MS;
  if (goodForMs > 0 && context.now() - happenedAt > goodForMs) return Promise.resolve('expired');
  const chain = chainOf(signalId) + 1;
  if (chain > params.maxChain) {
    context.status(`ended a chain of ${params.maxChain}: ${message}`);
    return Promise.resolve('done');
  }
  context.status(`${kind} ${momentText(happenedAt, context.now())}: ${message}`);
  const firing: Firing = { key: `event ${account} ${key}`, happenedAt, item: itemOf(event, order, params.signalName), chain, ...(goodForMs === 0 ? {} : { goodForMs }) };
  return context.emit(firing);
}
