import { AccountConfig, clientOf } from '../../../runtime/domain/account';
import { intentKey, orderIdOf } from '../../../runtime/domain/intentKey';
import type { Purpose } from '../../../runtime/domain/order';
import { ALWAYS_OPEN } from '../../../runtime/domain/session';
import { resumeOrders } from '../../../runtime/services/orderRouter/resume';
import { origin, routerWorld, SBIN, type RouterWorld } from '../../doubles/routerWorld';
import { scriptedBroker } from '../../doubles/scriptedBroker';

const live = AccountConfig.parse({ id: 'live', broker: 'openalgo', mode: 'live' });

describe('a live account that was disarmed between an order\'s journalling and its send', () => {
  let world: RouterWorld;
  beforeEach(async () => { world = await routerWorld(); });
  afterEach(() => world.store.close());

  /** An order that a crash left behind: journalled, never sent. */
  async function leftBehind(purpose: Purpose): Promise<string> {
    const draft = { ...origin('s1', { account: 'live' }), instrument: SBIN.key, leg: 0, purpose, size: { kind: 'fixed', action: 'BUY', quantity: 10 }, product: 'MIS', orderType: 'MARKET' } as const;
    const key = intentKey(draft);
    await world.store.admit({ key, orderId: orderIdOf(key), draft, tradingDay: '2026-11-20', lockNames: [], happenedAt: world.clock.now() }, () => ({ kind: 'admit', action: 'BUY', quantity: 10 }));
    return orderIdOf(key);
  }

  test.each<readonly [string, Purpose, boolean, 'EXPIRED' | 'ACCEPTED']>([
    ['an entry is not sent', 'entry', false, 'EXPIRED'],
    ['an entry is sent as long as it is armed', 'entry', true, 'ACCEPTED'],
    ['an exit is sent', 'exit', false, 'ACCEPTED'],
  ])('%s', async (_name, purpose, staysArmed, status) => {
    const { store, ports, clock } = world;
    await store.arming.arm({ account: 'live', client: clientOf(live), by: 'asha', protection: { heldBy: 'broker' }, happenedAt: clock.now() });
    const orderId = await leftBehind(purpose);
    if (!staysArmed) await store.arming.disarm({ account: 'live', by: 'asha', reason: 'enough', happenedAt: clock.now() });
    const broker = scriptedBroker();
    await resumeOrders(ports, { config: live, broker, sessions: ALWAYS_OPEN }, { othersMaySend: false });
    expect((await store.order(orderId))?.status).toBe(status);
    expect(broker.sent).toEqual(status === 'EXPIRED' ? [] : [orderId]);
  });
});
