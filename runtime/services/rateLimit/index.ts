import { clientOf, type AccountConfig } from '../../domain/account';
import type { Broker, Clock, Log, Pause, Store } from '../../domain/ports';
import { createBreakerWatch } from './breakerWatch';
import { rateFiguresOf } from './figures';
import { limitedBroker } from './limitedBroker';
import { createRateLimiter, type RateLimiter } from './limiter';

export { LONGEST_ORDER_WAIT_MS } from './limitedBroker';

export interface BrokerLimitsOptions {
  readonly store: Pick<Store, 'budgets' | 'events' | 'order' | 'riskState'>;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Log;
}

/** Gives each account's broker its limits: one budget a client over all accounts, flows and processes, and one breaker an account. Paper has none. */
export function openBrokerLimits({ store, clock, pause, log }: BrokerLimitsOptions): (account: AccountConfig, broker: Broker) => Broker {
  const limiters = new Map<string, RateLimiter>();
  return (account, broker) => {
    const windows = rateFiguresOf(account.broker);
    if (windows === undefined) return broker;
    const client = clientOf(account);
    const limiter = limiters.get(client) ?? createRateLimiter({ budgets: store.budgets, client, windows, clock, pause, log });
    limiters.set(client, limiter);
    return limitedBroker({
      broker, limiter, clock, pause,
      breaker: createBreakerWatch({ account: account.id, events: store.events, clock, log }),
      purposeOf: async (orderId) => (await store.order(orderId))?.purpose,
      async stoppedBy() {
        const { killSwitch } = await store.riskState(account.id);
        return killSwitch ? { code: 'KILL_SWITCH', message: 'The kill switch was pulled before the order was sent.', rule: 'kill switch' } : undefined;
      },
    });
  };
}
